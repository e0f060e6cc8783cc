import type { RawJpeg } from './commission/raw-jpeg.js';
import type { LogLevel, MaskedPacket, SourceInfo } from './messages.js';
import type { StreamState } from './state.js';

/** What a pipeline tells its worker. */
export interface PipelineEvents {
  /** Returns false when control does not keep up: nothing more is sent until it does. */
  packet(packet: MaskedPacket): boolean;
  state(state: StreamState, detail: string | null): void;
  source(info: SourceInfo): void;
  zonesApplied(revision: number): void;
  viewLearned(view: string): void;
  viewDrifted(detail: string): void;
  viewUnlearnable(why: 'uniform' | 'unsteady'): void;
  snapshot(request: number, jpeg: Buffer | null): void;
  commissioned(request: number, picture: RawJpeg | null): void;
  log(level: LogLevel, message: string, fields: Record<string, unknown>): void;
}
