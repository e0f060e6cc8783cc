/** The planes of a picture in their order. */
export const PLANE_NAMES = ['luma', 'u', 'v'] as const;
export type PlaneName = (typeof PLANE_NAMES)[number];

/** A canary pixel that does not hold what masking should have left there. */
export interface SelfTestFault {
  readonly check: 'self-test';
  /** Id of the zone. */
  readonly zone: string;
  readonly plane: PlaneName;
  /** In pixels of the plane. */
  readonly x: number;
  readonly y: number;
  readonly expected: number;
}

/** A zone that the decoded picture does not show as masked. Values are left out: they may be raw pixels. */
export interface DecodeBackFault {
  readonly check: 'decode-back';
  /** Id of the zone. */
  readonly zone: string;
  readonly plane: PlaneName;
  /** What was exceeded: the tolerance for one pixel, or that for the zone's mean. */
  readonly exceeded: 'pixel' | 'mean';
}

/** What a check of a masked picture found, told apart by `check`. */
export type MaskFault = SelfTestFault | DecodeBackFault;
