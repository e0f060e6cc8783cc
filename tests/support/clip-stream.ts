import type {
  AccessUnit,
  AccessUnitListener,
  PublishedStream,
  StreamDescription,
} from '../../src/rtsp/published-stream.js';
import type { Clip } from './clip.js';

const TICKS_PER_SECOND = 90_000;

/** A published stream that plays a clip over and over: what a camera's masked output looks like to an egress. */
export class ClipStream implements PublishedStream {
  /** Joined listeners now, and how often anyone has joined. */
  joined = 0;
  joins = 0;
  private readonly listeners = new Set<AccessUnitListener>();
  /** The units since the last keyframe. */
  private group: AccessUnit[] = [];
  private next = 0;
  private ticks = 0;
  private timer: NodeJS.Timeout | null = null;

  constructor(
    readonly id: string,
    public clip: Clip,
  ) {}

  get description(): StreamDescription {
    return this.clip.description;
  }

  async describe(): Promise<StreamDescription> {
    return this.clip.description;
  }

  observe(listener: AccessUnitListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  join(listener: AccessUnitListener): () => void {
    this.joined++;
    this.joins++;
    for (const unit of this.group) listener(unit);
    this.listeners.add(listener);
    return () => {
      if (this.listeners.delete(listener)) this.joined--;
    };
  }

  /** Plays at the clip's own rate until {@link stop}. */
  start(): this {
    const period = 1000 / this.clip.description.frameRate;
    const began = performance.now();
    let pushed = 0;
    this.timer = setInterval(() => {
      while (pushed * period <= performance.now() - began) {
        this.push();
        pushed++;
      }
    }, period / 2);
    return this;
  }

  stop(): void {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
  }

  /** Hands the next picture to everyone. */
  push(): AccessUnit {
    const { pictures, description } = this.clip;
    const picture = pictures[this.next % pictures.length]!;
    const unit: AccessUnit = { ...picture, timestamp: this.ticks };
    this.next++;
    this.ticks += TICKS_PER_SECOND / description.frameRate;
    if (unit.keyframe) this.group = [];
    this.group.push(unit);
    for (const listener of [...this.listeners]) listener(unit);
    return unit;
  }

  /** Goes on with another clip, from its first keyframe, as where a slate takes over or the source's size changes. */
  switchTo(clip: Clip): void {
    this.clip = clip;
    this.next = 0;
  }
}
