import { CLOCK_HZ } from '../../rtsp/published-stream.js';

/**
 * Quantisers (H.264, 0..51; six more halve the bits). Under the finest nothing more is seen: what is encoded was coded by a camera before, and
 * at 26 it comes out at 42 dB (PSNR of luma, 1080p street; 44 at 23, for half as many bits again and a twentieth of all the CPU a stream takes).
 * The coarsest is what there is.
 */
export const FINEST_QP = 26;
export const COARSEST_QP = 51;

/** Where nothing is known yet: a camera's usual scene takes about 2 Mb/s at 1080p25, which fits. */
const FIRST_QP = FINEST_QP;

/** Bits halve with so many steps of the quantiser. */
const STEPS_PER_HALF = 6;

/** Before so much of a group of pictures was seen, ticks (0.4 s), it says little of the rest. */
const LEAST_SEEN = 0.4 * CLOCK_HZ;

/** In the middle of a group the quantiser changes only where the rate would go this far over its bound: a change costs a keyframe. */
const BURST = 1.5;

/** At the end of a group, beyond these shares of the bound. Under 0.7 a finer one may fit, and steps down go half the way. */
const TOO_MUCH = 1.05;
const TOO_LITTLE = 0.7;
const CAUTION = 0.5;

/**
 * Chooses the quantiser of an encoder that keeps one constant, so that groups of pictures stay under a rate. The encoder's own rate
 * control looks at each picture twice, at half size first: a fifth of all that encoding takes (1080p, x264 ultrafast: 8.0 ms a picture,
 * 6.4 without).
 */
export class RateControl {
  readonly #groupTicks: number;
  #qp = FIRST_QP;
  #bound: number;
  #keyBits = 0;
  #otherBits = 0;
  #groupAt = 0;
  #lastAt = 0;

  /** @param bound bits/s @param groupTicks from keyframe to keyframe, 90 kHz */
  constructor(bound: number, groupTicks: number) {
    this.#bound = bound;
    this.#groupTicks = groupTicks;
  }

  /** Of the next keyframe on. */
  get qp(): number {
    return this.#qp;
  }

  /** bits/s. */
  set bound(bitsPerSecond: number) {
    this.#bound = bitsPerSecond;
  }

  /** A picture was encoded. @param at its time, 90 kHz ticks, rising */
  count(bytes: number, keyframe: boolean, at: number): void {
    if (keyframe) {
      this.#keyBits = bytes * 8;
      this.#otherBits = 0;
      this.#groupAt = at;
    } else this.#otherBits += bytes * 8;
    this.#lastAt = at;
  }

  /** Whether the group at hand must end now: it takes far more than it may. The next quantiser is chosen then. */
  mustEndGroup(): boolean {
    if (this.#qp === COARSEST_QP || this.#share() <= BURST) return false;
    this.endGroup();
    return true;
  }

  /** Chooses the quantiser of the next group by the one that ends. */
  endGroup(): void {
    const share = this.#share();
    if (share === 0) return;
    const steps = STEPS_PER_HALF * Math.log2(share);
    if (share > TOO_MUCH) this.#qp += Math.ceil(steps);
    else if (share < TOO_LITTLE) this.#qp += Math.ceil(steps * CAUTION);
    this.#qp = Math.min(COARSEST_QP, Math.max(FINEST_QP, this.#qp));
  }

  /** What the group would take were all of it as what was seen, as a share of the bound; 0 where too little was seen. */
  #share(): number {
    const seen = this.#lastAt - this.#groupAt;
    if (seen < LEAST_SEEN) return 0;
    const bits = this.#keyBits + (this.#otherBits / seen) * this.#groupTicks;
    return bits / (this.#bound * (this.#groupTicks / CLOCK_HZ));
  }
}
