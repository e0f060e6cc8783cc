import {
  AV_PIX_FMT_GRAY8,
  AV_PIX_FMT_NV12,
  AV_PIX_FMT_YUV420P,
  AV_PIX_FMT_YUV422P,
  AV_PIX_FMT_YUV444P,
  AV_PIX_FMT_YUVJ420P,
  AV_PIX_FMT_YUVJ422P,
  AV_PIX_FMT_YUVJ444P,
} from 'node-av/constants';
import { Frame } from 'node-av/lib';
import type { Similarity } from '../guard/similarity.js';
import { STEADY, type ViewKind } from '../guard/verdict.js';
import { ViewGuard } from '../guard/view-guard.js';
import { type GuardedView, parseView } from '../guard/view-text.js';
import type { Plane } from '../masking/picture.js';
import type { ZoneSet } from '../zones/zone.js';
import { check } from './av-error.js';
import { Canvas, isFullRange } from './decode/canvas.js';
import type { GuardSettings } from './messages.js';
import type { WithheldReason } from './state.js';

/** Formats whose first plane is 8-bit luma: looked at as they are. */
const LUMA_FIRST: ReadonlySet<number> = new Set([
  AV_PIX_FMT_GRAY8,
  AV_PIX_FMT_NV12,
  AV_PIX_FMT_YUV420P,
  AV_PIX_FMT_YUV422P,
  AV_PIX_FMT_YUV444P,
  AV_PIX_FMT_YUVJ420P,
  AV_PIX_FMT_YUVJ422P,
  AV_PIX_FMT_YUVJ444P,
]);

/** The reasons to withhold that are the guard's. */
export const VIEW_REASONS: Record<Exclude<ViewKind, 'steady'>, WithheldReason> = {
  moved: 'view-moved',
  covered: 'view-covered',
  lost: 'view-lost',
};

export interface ViewWatchEvents {
  /** `GuardedView` as text: what control keeps. */
  learned(reference: string): void;
  /** The zones are to follow a small drift that stays (`guard: follow`). */
  drifted(drift: Similarity, detail: string): void;
  unlearnable(why: 'uniform' | 'unsteady'): void;
  /** What was kept of the accepted view is damaged: withheld until a person accepts the present one. */
  unreadable(message: string): void;
}

/** What a frame says of the view. */
export interface ViewSeen {
  /** null: the zones lie where they were drawn. */
  readonly reason: WithheldReason | null;
  readonly detail: string;
}

/** Shows each raw frame to the view guard, before it is masked or held. Nothing of a pixel stays. */
export class ViewWatch implements Disposable {
  readonly #guard: ViewGuard | null;
  #luma: LumaSheet | null = null;
  #canvas: Canvas | null = null;

  constructor(settings: GuardSettings, zones: ZoneSet, events: ViewWatchEvents) {
    const { mode } = settings;
    let { mayLearn } = settings;
    let reference: GuardedView | null = null;
    try {
      if (settings.view !== null) reference = parseView(settings.view);
    } catch (error) {
      // There was an accepted view: another one must not take its place without a person.
      mayLearn = false;
      events.unreadable((error as Error).message);
    }
    this.#guard =
      mode === 'off'
        ? null
        : new ViewGuard(
            { mode, mayLearn, reference, zones },
            {
              learned: (learned) => events.learned(learned.toString()),
              drifted: (drift, detail) => events.drifted(drift, detail),
              unlearnable: (why) => events.unlearnable(why),
            },
          );
  }

  useZones(zones: ZoneSet): void {
    this.#guard?.useZones(zones);
  }

  /** The present view becomes the accepted one. */
  relearn(): void {
    this.#guard?.relearn();
  }

  /** The source began anew. */
  restart(): void {
    this.#guard?.restart();
  }

  /**
   * @param frame upright, of an accepted shape. Throws AvError where it can neither be read nor converted.
   * @param luma of the frame, where somebody has it in memory already
   * @param now ms, on any clock that rises: a recording has its own
   */
  look(frame: Frame, luma: Plane | null = null, now = performance.now()): ViewSeen {
    if (!this.#guard) return { reason: null, detail: STEADY.detail };
    const { width, height } = frame;
    const { kind, detail } = this.#guard.look(luma ?? this.#lumaOf(frame), width & ~1, height & ~1, now);
    return { reason: kind === 'steady' ? null : VIEW_REASONS[kind], detail };
  }

  /** Other formats go through a canvas of their own: rare, and dearer. */
  #lumaOf(frame: Frame): Plane {
    if (LUMA_FIRST.has(frame.format as number)) {
      if (!this.#luma?.fits(frame)) {
        this.#luma?.[Symbol.dispose]();
        this.#luma = new LumaSheet(frame);
      }
      return this.#luma.load(frame);
    }
    if (!this.#canvas?.fits(frame)) {
      this.#canvas?.[Symbol.dispose]();
      this.#canvas = new Canvas(frame.width, frame.height, isFullRange(frame));
    }
    this.#canvas.convert(frame);
    return this.#canvas.planes[0];
  }

  [Symbol.dispose](): void {
    this.#canvas?.[Symbol.dispose]();
    this.#canvas = null;
    this.#luma?.[Symbol.dispose]();
    this.#luma = null;
  }
}

/**
 * The luma of one frame, in memory that is kept. Views of each frame's own memory would cost far more than the copy: three
 * external buffers a frame, with a full garbage collection every few frames (2-3 ms a picture at 1080p).
 */
class LumaSheet implements Disposable {
  readonly #frame = new Frame();
  readonly #plane: Plane;

  /** @param like a frame of the size to be */
  constructor({ width, height }: Frame) {
    this.#frame.alloc();
    this.#frame.format = AV_PIX_FMT_GRAY8;
    this.#frame.width = width;
    this.#frame.height = height;
    check(this.#frame.allocBuffer(), 'canvas-allocation', `no memory for the luma of a ${width}x${height} picture`);
    this.#plane = { data: this.#frame.data![0]!, stride: this.#frame.linesize[0]! };
  }

  fits({ width, height }: Frame): boolean {
    return this.#frame.width === width && this.#frame.height === height;
  }

  /** Copies the first plane of a frame of `LUMA_FIRST` in. Throws AvError. */
  load(frame: Frame): Plane {
    const { format } = frame;
    // As grey the frame has its first plane alone: only the name is changed, and only for the copy.
    frame.format = AV_PIX_FMT_GRAY8;
    const copied = this.#frame.copy(frame);
    frame.format = format;
    check(copied, 'canvas-copy', 'the luma of a frame could not be copied');
    return this.#plane;
  }

  [Symbol.dispose](): void {
    this.#frame.free();
  }
}
