/** Why a stream is withheld. Each has its own slate, metric label and sentence. */
export const WITHHELD_REASONS = [
  'config-invalid',
  'geometry-changed',
  'view-moved',
  'view-covered',
  'view-lost',
  'prohibited-place',
  'analysis-stale',
  'self-test-failed',
  'operator',
] as const;
export type WithheldReason = (typeof WITHHELD_REASONS)[number];

/** Why a stream shows nothing yet. */
export type StartingReason = 'connecting' | 'waiting-for-keyframe' | 'worker-starting' | 'worker-crashed' | 'worker-hung';

/** Why a source is not there. The text of the failure travels beside it, redacted. */
export type OfflineReason = 'source-lost' | 'source-stalled' | 'source-refused' | 'source-unsupported' | 'source-ended';

/** What viewers of a stream get, and why: the picture only in `masked`, the slate in every other state. */
export type StreamState =
  | { readonly state: 'starting'; readonly reason: StartingReason }
  | { readonly state: 'masked'; readonly reason: null }
  | { readonly state: 'withheld'; readonly reason: WithheldReason }
  | { readonly state: 'offline'; readonly reason: OfflineReason };
