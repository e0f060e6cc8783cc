import type { AccessUnit, Backlog, PublishedStream } from './published-stream.js';
import { CLOCK_HZ } from './published-stream.js';

/** Bytes that may wait for a media server before units are left out; 4 s of an 8 Mb/s stream. */
export const MAX_BACKLOG_BYTES = 4 * 1024 * 1024;
/** A receiver that takes nothing for so long, in ticks (10 s), is ended. */
export const MAX_STALL_TICKS = 10 * CLOCK_HZ;

/** Where a feed's units go. */
export interface FeedTarget extends Backlog {
  /** Bytes that have been sent but not taken. */
  readonly unsentBytes: number;
  send(unit: AccessUnit): void;
}

/**
 * A stream's units for one receiver that must not get holes: where too much waits for it, whole stretches are left out, and it goes
 * on with a keyframe.
 */
export class PublishFeed {
  /** Units left out so far. */
  dropped = 0;
  private leave: (() => void) | null = null;
  private state: 'waiting' | 'flowing' | 'blocked' | 'closed' = 'waiting';
  private lastSent = Number.NEGATIVE_INFINITY;
  private lastSeen = Number.NEGATIVE_INFINITY;
  private blockedAt = 0;

  constructor(
    private readonly stream: PublishedStream,
    private readonly target: FeedTarget,
    private readonly maxBacklogBytes = MAX_BACKLOG_BYTES,
  ) {}

  start(): void {
    this.leave = this.stream.join((unit) => this.take(unit), this.target);
  }

  close(): void {
    this.state = 'closed';
    this.leave?.();
    this.leave = null;
  }

  private take(unit: AccessUnit): void {
    const isNew = unit.timestamp > this.lastSeen;
    if (isNew) this.lastSeen = unit.timestamp;
    switch (this.state) {
      case 'waiting':
        // A replay may reach back to units that were sent before: it goes on behind them, without a hole.
        if (unit.timestamp <= this.lastSent) this.state = 'flowing';
        else if (unit.keyframe) this.flow(unit, isNew);
        else if (isNew) this.dropped++;
        return;
      case 'flowing':
        if (unit.timestamp > this.lastSent) this.flow(unit, isNew);
        return;
      case 'blocked':
        this.dropped++;
        if (this.target.unsentBytes <= this.maxBacklogBytes / 4) this.rejoin();
        else if (unit.timestamp - this.blockedAt > MAX_STALL_TICKS) this.target.end();
        return;
      case 'closed':
    }
  }

  private flow(unit: AccessUnit, isNew: boolean): void {
    if (this.target.unsentBytes > this.maxBacklogBytes) {
      this.state = 'blocked';
      this.blockedAt = unit.timestamp;
      if (isNew) this.dropped++;
      return;
    }
    if (!isNew) this.dropped--; // it was left out before, and now it is not
    this.state = 'flowing';
    this.lastSent = unit.timestamp;
    this.target.send(unit);
  }

  /** Asks for a keyframe by joining anew; not at once, since the stream may be handing a unit to its listeners right now. */
  private rejoin(): void {
    this.state = 'waiting';
    queueMicrotask(() => {
      if (this.state === 'closed') return;
      this.leave?.();
      this.start();
    });
  }
}
