import type { WithheldReason } from '../state.js';

/**
 * Control's word that one raw picture may be made: one grant, one picture. Both ends bound it: control by the time box that a person
 * opened, the worker by {@link LONGEST_GRANT_MS}.
 */
export interface CommissionGrant {
  /** What the answer is to name. */
  readonly request: number;
  /** {@link machineClock} when it is over. */
  readonly until: number;
}

/** The machine's own clock, ms, the same in every process: whoever sets the time of day makes no grant longer. */
export const machineClock = (): number => Number(process.hrtime.bigint() / 1_000_000n);

/** A worker takes no grant that lasts longer: until the next keyframe of most cameras, since no others are decoded of what is withheld. */
export const LONGEST_GRANT_MS = 5_000;

/** Where one of these holds, nobody is shown a raw picture, nor is one made: the law's word, and an operator's. */
export const NEVER_RAW: readonly WithheldReason[] = ['prohibited-place', 'operator'];
