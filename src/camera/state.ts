/**
 * What viewers of a stream get, and why. A stream shows its picture in `masked` alone; in every other state it shows the
 * slate, so a state that is wrong or missing withholds.
 */

/** Why a stream is withheld, most serious first: the first that holds is the one that is shown. */
export const WITHHELD_REASONS = [
  'config-invalid',
  'prohibited-place',
  'operator',
  'self-test-failed',
  'geometry-changed',
  'off-preset',
  'view-covered',
  'view-moved',
  'view-lost',
  'analysis-stale',
] as const;
export type WithheldReason = (typeof WITHHELD_REASONS)[number];

/** Why a stream shows nothing yet. */
export const STARTING_REASONS = [
  'worker-starting',
  'worker-crashed',
  'worker-hung',
  'connecting',
  'waiting-for-keyframe',
] as const;
export type StartingReason = (typeof STARTING_REASONS)[number];

/** Why a source is not there. The text of the failure travels beside it, redacted. */
export const OFFLINE_REASONS = [
  'source-lost',
  'source-stalled',
  'source-refused',
  'source-unsupported',
  'source-ended',
] as const;
export type OfflineReason = (typeof OFFLINE_REASONS)[number];

export type StreamState =
  | { readonly state: 'starting'; readonly reason: StartingReason }
  | { readonly state: 'masked'; readonly reason: null }
  | { readonly state: 'withheld'; readonly reason: WithheldReason }
  | { readonly state: 'offline'; readonly reason: OfflineReason };

/** How far the way from the camera to a masked frame is open. */
export type SourceCondition =
  | { readonly kind: 'starting'; readonly reason: StartingReason }
  | { readonly kind: 'offline'; readonly reason: OfflineReason }
  /** The last frame was decoded, matched to the zones in force and masked. */
  | { readonly kind: 'masking' };

/**
 * The state that follows from what is known. Total: a hold always wins, since leaving `withheld` needs proof, which a lost
 * source cannot give.
 */
export function deriveState(source: SourceCondition, holds: ReadonlySet<WithheldReason>): StreamState {
  for (const reason of WITHHELD_REASONS) if (holds.has(reason)) return { state: 'withheld', reason };
  switch (source.kind) {
    case 'starting':
      return { state: 'starting', reason: source.reason };
    case 'offline':
      return { state: 'offline', reason: source.reason };
    case 'masking':
      return { state: 'masked', reason: null };
  }
}

export const sameState = (a: StreamState, b: StreamState): boolean => a.state === b.state && a.reason === b.reason;

/** `withheld:view-moved`, `masked`: the form used for slates and metric labels. */
export const stateLabel = (s: StreamState): string => (s.reason === null ? s.state : `${s.state}:${s.reason}`);
