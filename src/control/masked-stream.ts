import { parameterSetsOf } from '../rtsp/payload/parameter-sets.js';
import type {
  AccessUnit,
  AccessUnitListener,
  Backlog,
  PublishedStream,
  StreamDescription,
  VideoCodec,
} from '../rtsp/published-stream.js';
import { drain } from './drain.js';
import { GopCache } from './gop-cache.js';
import type { Slate } from './slate.js';
import type { Timeline } from './timeline.js';

/** Slates a second: enough for clients that think a quiet stream dead, next to nothing to send. */
export const SLATE_FPS = 5;

/** Keyframes are forced at most this often, ms; whoever comes in between gets the units since the last one. */
export const KEYFRAME_SPACING_MS = 1000;

/** The encoder stays awake this long after the last viewer left, ms: a client that reconnects finds it warm. */
export const LINGER_MS = 2000;

/** What a stream asks of the side that produces pictures. */
export interface PictureSupply {
  /** Somebody watches now, or nobody does any more. */
  demand(wanted: boolean): void;
  keyframe(): void;
}

/** A picture that passed the fence. */
export interface MaskedPicture {
  readonly data: Buffer;
  readonly keyframe: boolean;
  readonly pts: number;
  readonly width: number;
  readonly height: number;
}

/**
 * One camera's output as viewers know it: always there, on one rising timeline, carrying pictures while they are masked and the
 * slate in every other moment. Nothing else may put units into it.
 */
export class MaskedStream implements PublishedStream {
  readonly id: string;
  readonly #codec: VideoCodec;
  readonly #timeline: Timeline;
  readonly #supply: PictureSupply;
  readonly #cache = new GopCache();
  readonly #observers = new Set<AccessUnitListener>();
  readonly #viewers = new Map<AccessUnitListener, Backlog>();
  /** Of viewers that have left while something waited for them: it may still go out. */
  readonly #leftBehind = new Set<Backlog>();
  /** Viewers that have seen no keyframe yet. */
  readonly #waiting = new Set<AccessUnitListener>();
  readonly #described: PromiseWithResolvers<void> = withResolvers();
  #description: StreamDescription | null = null;
  #frameRate: number | null = null;
  #slate: Slate | null = null;
  #slateTurn = 0;
  #slateTimer: NodeJS.Timeout | null = null;
  #keyframeAskedAt = Number.NEGATIVE_INFINITY;
  #keyframeTimer: NodeJS.Timeout | null = null;
  #lingerTimer: NodeJS.Timeout | null = null;
  /** Pictures pass only from a keyframe on: the units before it belong to a picture that viewers never got. */
  #open = false;

  constructor(id: string, codec: VideoCodec, timeline: Timeline, supply: PictureSupply) {
    this.id = id;
    this.#codec = codec;
    this.#timeline = timeline;
    this.#supply = supply;
  }

  get viewers(): number {
    return this.#viewers.size;
  }

  /** Pictures a second of the source, where it says so: clients are told with the description that follows. */
  set frameRate(fps: number | null) {
    this.#frameRate = fps;
    if (!this.#description) return;
    const { frameRate: _, ...rest } = this.#description;
    this.#description = { ...rest, ...this.#rate() };
  }

  /** Whether clients can be told what the stream is: anything was ever shown. */
  get described(): boolean {
    return this.#description !== null;
  }

  get description(): StreamDescription | null {
    return this.#description;
  }

  async describe(): Promise<StreamDescription> {
    await this.#described.promise;
    return this.#description!;
  }

  observe(listener: AccessUnitListener): () => void {
    this.#observers.add(listener);
    return () => void this.#observers.delete(listener);
  }

  join(listener: AccessUnitListener, backlog: Backlog): () => void {
    // Each join is its own viewer, also where one function joins twice.
    const viewer: AccessUnitListener = (unit) => listener(unit);
    this.#viewers.set(viewer, backlog);
    this.#wake();
    if (this.#slate) {
      this.#waiting.add(viewer);
      this.#sendSlate();
    } else {
      const units = this.#cache.units();
      for (const unit of units) viewer(unit);
      if (units.length === 0) {
        this.#waiting.add(viewer);
        this.#askKeyframe();
      }
    }
    return () => {
      if (!this.#viewers.delete(viewer)) return;
      this.#waiting.delete(viewer);
      this.#leftBehind.add(backlog);
      backlog.flush(() => this.#leftBehind.delete(backlog));
      if (this.#viewers.size === 0) this.#linger();
    };
  }

  /** Whether anybody watches, or did a moment ago. */
  get wanted(): boolean {
    return this.#viewers.size > 0 || this.#lingerTimer !== null;
  }

  /** From now on viewers see this still, until a picture's keyframe comes after `showPictures()`. */
  showSlate(slate: Slate): void {
    // Also where this very slate is up already: the door may have been opened behind it.
    this.#open = false;
    if (this.#slate === slate) return;
    this.#slate = slate;
    this.#cache.clear();
    this.#describeBy(slate.keyframes[0], slate.width, slate.height);
    this.#sendSlate();
    this.#slateTimer ??= setInterval(() => this.#sendSlate(), 1000 / SLATE_FPS);
  }

  /** Nothing passes until `showPictures()`: for the moment in which there is no slate to show instead. */
  hidePictures(): void {
    this.#open = false;
    this.#cache.clear();
  }

  /** What is kept for late joiners may not be shown any more. Those who watch go on. */
  forgetPictures(): void {
    this.#cache.clear();
  }

  /** Resolves when nothing that was handed to viewers so far waits for them in this process: who is too slow for that is ended. */
  async drained(): Promise<void> {
    await Promise.all([...this.#viewers.values(), ...this.#leftBehind].map(drain));
  }

  /** The state allows pictures. The slate stays up until the first keyframe. */
  showPictures(): void {
    this.#open = true;
  }

  /** A worker was replaced: what comes next has another clock. */
  newSource(): void {
    this.#timeline.newSource();
  }

  /** Hands a masked picture on; ignored while the slate is meant to be up. Returns whether anybody got it. */
  publish(picture: MaskedPicture): boolean {
    if (!this.#open) return false;
    if (this.#slate) {
      if (!picture.keyframe) {
        this.#askKeyframe();
        return false;
      }
      this.#slate = null;
      clearInterval(this.#slateTimer ?? undefined);
      this.#slateTimer = null;
    }
    if (picture.keyframe) this.#describeBy(picture.data, picture.width, picture.height);
    this.#hand({ data: picture.data, keyframe: picture.keyframe, timestamp: this.#timeline.place(picture.pts) });
    return this.#viewers.size > 0;
  }

  close(): void {
    clearInterval(this.#slateTimer ?? undefined);
    clearTimeout(this.#lingerTimer ?? undefined);
    clearTimeout(this.#keyframeTimer ?? undefined);
    this.#viewers.clear();
    this.#observers.clear();
  }

  #sendSlate(): void {
    const slate = this.#slate;
    if (!slate || (this.#viewers.size === 0 && this.#observers.size === 0)) return;
    this.#slateTurn ^= 1;
    this.#hand({
      data: slate.keyframes[this.#slateTurn as 0 | 1],
      keyframe: true,
      timestamp: this.#timeline.present(),
    });
  }

  #hand(unit: AccessUnit): void {
    if (!this.#slate) this.#cache.add(unit);
    for (const observer of this.#observers) observer(unit);
    if (unit.keyframe) this.#waiting.clear();
    for (const viewer of this.#viewers.keys()) if (!this.#waiting.has(viewer)) viewer(unit);
  }

  #describeBy(keyframe: Buffer, width: number, height: number): void {
    const parameterSets = parameterSetsOf(keyframe, this.#codec);
    this.#description = { codec: this.#codec, parameterSets, width, height, ...this.#rate() };
    this.#described.resolve();
  }

  #rate(): Pick<StreamDescription, 'frameRate'> {
    return this.#frameRate === null ? {} : { frameRate: this.#frameRate };
  }

  #askKeyframe(): void {
    if (this.#keyframeTimer) return;
    const wait = this.#keyframeAskedAt + KEYFRAME_SPACING_MS - performance.now();
    if (wait <= 0) {
      this.#keyframeAskedAt = performance.now();
      this.#supply.keyframe();
      return;
    }
    this.#keyframeTimer = setTimeout(() => {
      this.#keyframeTimer = null;
      this.#askKeyframe();
    }, wait);
  }

  #wake(): void {
    if (this.#lingerTimer) {
      clearTimeout(this.#lingerTimer);
      this.#lingerTimer = null;
    } else if (this.#viewers.size === 1) {
      this.#supply.demand(true);
    }
  }

  #linger(): void {
    this.#lingerTimer ??= setTimeout(() => {
      this.#lingerTimer = null;
      if (this.#viewers.size === 0) {
        this.#cache.clear();
        this.#supply.demand(false);
      }
    }, LINGER_MS);
  }
}

interface PromiseWithResolvers<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
}

/** `Promise.withResolvers` of Node 22. */
function withResolvers(): PromiseWithResolvers<void> {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((r) => {
    resolve = r;
  });
  return { promise, resolve };
}
