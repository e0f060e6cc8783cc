/**
 * What may pass from a worker to viewers. A worker that was replaced may still have packets on the way, and one that has not
 * heard of new zones may still mask with the old: both are dropped here, whatever they claim to be.
 */
export class Fence {
  #epoch = 0;
  #revision = 0;
  #dropped = 0;

  get epoch(): number {
    return this.#epoch;
  }

  /** Packets that were stopped since the start. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Retires every worker before this; returns the number that the next one stamps its packets with. */
  nextEpoch(): number {
    return ++this.#epoch;
  }

  /** From now on nothing passes that was masked with an older zone set. */
  require(revision: number): void {
    this.#revision = Math.max(this.#revision, revision);
  }

  passes(packet: { readonly epoch: number; readonly revision: number }): boolean {
    const passes = packet.epoch === this.#epoch && packet.revision >= this.#revision;
    if (!passes) this.#dropped++;
    return passes;
  }
}
