import type { SourceInfo } from '../camera/messages.js';
import type { StreamState } from '../camera/state.js';
import type { ViewStanding } from '../zones/view-store.js';
import type { LatencySummary } from './latency-window.js';
import type { Interruption } from './viewer-state.js';

/** One camera as it stands now. */
export interface CameraStatus {
  readonly id: string;
  readonly state: StreamState['state'];
  readonly reason: StreamState['reason'];
  /** The failure in words, or null. */
  readonly detail: string | null;
  /** Since when, ISO 8601. */
  readonly since: string;
  /** Pictures handed on in the last second. */
  readonly fps: number;
  readonly latency: LatencySummary | null;
  /** 0..1 */
  readonly maskedArea: number;
  readonly clients: number;
  readonly zoneRevision: number;
  readonly source: SourceInfo | null;
  readonly workerPid: number | null;
  /** The last time that viewers had no picture any more; null: not since the first one. */
  readonly interruption: Interruption | null;
  readonly viewStanding: ViewStanding;
}
