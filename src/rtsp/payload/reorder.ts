import { sequenceDistance } from '../wire/rtp.js';

export interface ReorderLimits {
  /** Packets that may wait for a missing one; a power of two. 0: none waits (TCP keeps the order itself). */
  readonly maxPackets: number;
  /** Milliseconds that a packet may wait. */
  readonly maxMs: number;
}

/** TCP: whatever is missing was left out by the sender and will not come. */
export const NO_REORDERING: ReorderLimits = { maxPackets: 0, maxMs: 0 };

/**
 * UDP: a LAN swaps neighbours, and does so within a few milliseconds; 50 ms is well beyond, and what a lost packet costs in
 * latency. 128 packets are a large keyframe's worth in that time.
 */
export const UDP_REORDERING: ReorderLimits = { maxPackets: 128, maxMs: 50 };

/** Distances that no loss and no reordering explain: the sender began anew (RFC 3550, A.1). */
const MAX_DROPOUT = 3000;
const MAX_MISORDER = 100;

/**
 * Puts RTP packets into sequence. Packets in order pass straight through. Behind a gap they wait until it is filled, too many wait,
 * or the first has waited too long; then the gap is reported as lost with the packet that follows it.
 */
export class ReorderBuffer {
  /** Came after they had been given up, or twice; dropped. */
  late = 0;
  /** The next sequence number; negative: any. */
  private expected = -1;
  private lostBeforeFirst = 0;
  private readonly slots: (Buffer | undefined)[];
  private readonly arrivedMs: Float64Array;
  private waiting = 0;
  /** Arrival of the packet that has waited longest. */
  private waitingSinceMs = 0;
  /** What a restarted sender's next packet would carry; a lone stray packet is no restart (RFC 3550, A.1). */
  private restartAt = -1;

  /** @param deliver gets the packets in sequence, with how many are missing right before each. */
  constructor(
    private readonly limits: ReorderLimits,
    private readonly deliver: (packet: Buffer, lost: number) => void,
  ) {
    this.slots = new Array<Buffer | undefined>(limits.maxPackets).fill(undefined);
    this.arrivedMs = new Float64Array(limits.maxPackets);
  }

  /**
   * @param packet kept while it waits: must not be written to afterwards.
   * @param sequence u16.
   * @param nowMs of any steady clock.
   */
  push(packet: Buffer, sequence: number, nowMs: number): void {
    if (sequence === this.expected) {
      this.expected = (sequence + 1) & 0xffff;
      this.deliver(packet, 0);
      if (this.waiting > 0) this.drain();
      return;
    }
    if (this.expected < 0) {
      this.pass(packet, sequence, this.lostBeforeFirst);
      return;
    }
    const ahead = sequenceDistance(this.expected, sequence);
    const restarted = ahead >= MAX_DROPOUT || ahead <= -MAX_MISORDER;
    // A step back on TCP is a restart as well: how many packets are missing is not known, but that some are, is.
    if (this.limits.maxPackets === 0) this.pass(packet, sequence, restarted || ahead < 0 ? 1 : ahead);
    else if (restarted) this.restart(packet, sequence);
    else if (ahead < 0) this.late++;
    else this.hold(packet, sequence, ahead, nowMs);
  }

  /** Gives up gaps that have been waited for too long. To be called now and then while packets wait. */
  tick(nowMs: number): void {
    while (this.waiting > 0 && nowMs - this.waitingSinceMs >= this.limits.maxMs) this.giveUpGap();
  }

  /** Another source begins: hands on what waits, and takes any sequence number next, as if behind a loss. */
  beginSource(): void {
    while (this.waiting > 0) this.giveUpGap();
    this.expected = this.restartAt = -1;
    this.lostBeforeFirst = 1;
  }

  /** Packets wait for a missing one. */
  get isWaiting(): boolean {
    return this.waiting > 0;
  }

  private pass(packet: Buffer, sequence: number, lost: number): void {
    this.expected = (sequence + 1) & 0xffff;
    this.deliver(packet, lost);
  }

  private hold(packet: Buffer, sequence: number, ahead: number, nowMs: number): void {
    let distance = ahead;
    while (this.waiting > 0 && distance >= this.limits.maxPackets) {
      this.giveUpGap();
      distance = sequenceDistance(this.expected, sequence);
    }
    if (distance === 0 || distance >= this.limits.maxPackets) {
      this.pass(packet, sequence, distance);
      this.drain();
      return;
    }
    const slot = sequence % this.limits.maxPackets;
    if (this.slots[slot]) {
      this.late++;
      return;
    }
    if (this.waiting++ === 0) this.waitingSinceMs = nowMs;
    this.slots[slot] = packet;
    this.arrivedMs[slot] = nowMs;
    this.tick(nowMs);
  }

  /** Delivers what now is in sequence. */
  private drain(): void {
    for (;;) {
      const slot = this.expected % this.limits.maxPackets;
      const packet = this.slots[slot];
      if (!packet) break;
      this.slots[slot] = undefined;
      this.waiting--;
      this.expected = (this.expected + 1) & 0xffff;
      this.deliver(packet, 0);
    }
    if (this.waiting > 0) this.waitingSinceMs = this.longestWaiting();
  }

  private longestWaiting(): number {
    let oldest = Number.POSITIVE_INFINITY;
    for (let slot = 0; slot < this.slots.length; slot++) {
      if (this.slots[slot] && this.arrivedMs[slot]! < oldest) oldest = this.arrivedMs[slot]!;
    }
    return oldest;
  }

  private giveUpGap(): void {
    let lost = 0;
    while (!this.slots[(this.expected + lost) % this.limits.maxPackets]) lost++;
    const sequence = (this.expected + lost) & 0xffff;
    const slot = sequence % this.limits.maxPackets;
    const packet = this.slots[slot]!;
    this.slots[slot] = undefined;
    this.waiting--;
    this.pass(packet, sequence, lost);
    this.drain();
  }

  private restart(packet: Buffer, sequence: number): void {
    if (sequence !== this.restartAt) {
      this.restartAt = (sequence + 1) & 0xffff;
      this.late++;
      return;
    }
    while (this.waiting > 0) this.giveUpGap();
    this.restartAt = -1;
    this.pass(packet, sequence, 1);
  }
}
