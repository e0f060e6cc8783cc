/**
 * What the gateway noticed: the one shape in which every part of it (state machine, view guard, place, people, sign, zones) reports to
 * the rules, and through them to a person.
 */

/** Everything that can be noticed. A word here, a rule in every pack: the compiler asks for it. */
export const FINDING_KINDS = [
  'prohibited-place',
  'undressed-person',
  'audio-offered',
  'self-test-failed',
  'zones-mask-less',
  'safeguards-weakened',
  'view-moved',
  'view-covered',
  'view-lost',
  'view-unguarded',
  'geometry-changed',
  'record-damaged',
  'sign-missing',
  'sign-degraded',
  'approval-missing',
  'source-lost',
  'analysis-stale',
  'person-entered',
  'person-dwelling',
] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

/**
 * A picture that shows what was found: a JPEG made from a masked frame and nothing else. `whole`: nothing of the picture can be told
 * any more, the only kind that a prohibited place may have; `zones`: masked as viewers see it.
 */
export interface EvidencePicture {
  readonly jpeg: Uint8Array;
  readonly masked: 'zones' | 'whole';
}

/** One thing noticed once. Whether it is news is for the alerts to say. */
export interface Finding {
  /** Its id in the site file; `''` where it is about the site as a whole. */
  readonly camera: string;
  readonly kind: FindingKind;
  /** What makes two findings of a camera and kind the same matter: a zone's id, a verdict's source; `''` where there is but one. */
  readonly cause: string;
  /** When, milliseconds since 1970 UTC. */
  readonly at: number;
  /** The zone that it is about. */
  readonly zone?: string;
  /** A sentence for the operator, in English. No secrets, nothing that says who a person is. */
  readonly detail: string;
  /** Left out: a masked snapshot is taken when the finding arrives. */
  readonly evidence?: EvidencePicture;
}

/** Where findings go. Never throws, never blocks: whoever noticed something has other work. */
export interface FindingSink {
  accept(finding: Finding): void;
}
