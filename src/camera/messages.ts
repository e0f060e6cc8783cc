/**
 * The typed messages between control and one camera's worker, over Node's IPC channel with `advanced` serialisation (buffers
 * travel as bytes, in order with everything else). Nothing here can hold a raw pixel, but the one answer that a grant of the
 * commissioning view asks for.
 */
import type { PresetBinding } from '../onvif/preset-watch.js';
import type { VideoCodec } from '../rtsp/published-stream.js';
import type { VisionLink } from '../vision/link/ticket.js';
import type { Size, ZoneSet } from '../zones/zone.js';
import type { CommissionGrant } from './commission/grant.js';
import type { RawJpeg } from './commission/raw-jpeg.js';
import type { StreamState, WithheldReason } from './state.js';

/** How a camera is reached. `url` holds secrets: it travels in this message alone, never in argv or the environment. */
export interface SourceConfig {
  readonly url: string;
  readonly transport: 'auto' | 'tcp' | 'udp';
  readonly tls: { readonly verify: boolean; readonly ca: string | null };
  /** Files only: begin again at the end. */
  readonly loop: boolean;
}

export interface OutputConfig {
  readonly codec: VideoCodec;
  /** bits/s; null follows the source's own. */
  readonly bitrate: number | null;
  /** Let the encoder sleep while nobody watches. */
  readonly onDemand: boolean;
  /** Try hardware encoders and decoders first. */
  readonly hardware: boolean;
}

/** How the view is guarded. */
export interface GuardSettings {
  readonly mode: 'withhold' | 'follow' | 'strict' | 'off';
  /** The accepted view as text (`guard/view-text.ts`), or null. */
  readonly view: string | null;
  /** Without an accepted view: whether the first stable one is taken, or a person must take it. */
  readonly mayLearn: boolean;
}

/** The zones to mask with. `shape` is the accepted picture size, of which only the aspect ratio counts; null accepts the first seen. */
export interface ZonesInForce {
  readonly revision: number;
  readonly zones: ZoneSet;
  readonly shape: Size | null;
}

export interface WorkerConfig {
  readonly camera: string;
  readonly epoch: number;
  readonly source: SourceConfig;
  readonly output: OutputConfig;
  readonly zones: ZonesInForce;
  /** Frames held back before masking. */
  readonly lookAhead: number;
  readonly guard: GuardSettings;
  /** The preset at which the zones hold; null: the camera is not turned. Its address holds secrets, as the source's. */
  readonly ptz: PresetBinding | null;
  /** Whether the commissioning view may be used. For as long as the worker lives. */
  readonly commissioning: boolean;
  readonly holds: readonly WithheldReason[];
  readonly wanted: boolean;
  /** How the vision process is reached, if there is one. */
  readonly vision: VisionLink | null;
}

/** What a picture in coarse blocks shows where zones are: their mask, for evidence; or blocks as everywhere, to draw zones on. */
export type CoarseOver = 'zones' | 'bare';

export type ToWorker =
  | { readonly type: 'configure'; readonly config: WorkerConfig }
  /** Applies from the next masked frame on; answered by `zones-applied`. */
  | { readonly type: 'zones'; readonly zones: ZonesInForce }
  /** The holds that control knows of; replaces the set before. */
  | { readonly type: 'hold'; readonly reasons: readonly WithheldReason[] }
  /** Whether anybody watches. */
  | { readonly type: 'demand'; readonly wanted: boolean }
  | { readonly type: 'keyframe' }
  /** The vision process has come, gone, or is another one. */
  | { readonly type: 'vision'; readonly link: VisionLink | null }
  /** The present view is the accepted one: the one before is forgotten. */
  | { readonly type: 'learn-view' }
  | { readonly type: 'snapshot'; readonly request: number }
  /** The next picture, coarsened as a whole, also while it is withheld; answered by `snapshot`. */
  | { readonly type: 'coarse'; readonly request: number; readonly over: CoarseOver }
  /** The next frame as it is; answered by `commissioned`. */
  | { readonly type: 'commission'; readonly grant: CommissionGrant };

/** One masked, encoded picture. */
export interface MaskedPacket {
  readonly type: 'packet';
  readonly epoch: number;
  readonly revision: number;
  /** Annex B. */
  readonly data: Uint8Array;
  readonly keyframe: boolean;
  /** 90 kHz ticks on the worker's own clock, strictly rising. */
  readonly pts: number;
  readonly width: number;
  readonly height: number;
  /** `process.hrtime.bigint()` when the last packet of the source's frame came in (the clock is the machine's). */
  readonly receivedAt: bigint;
  readonly decodeMs: number;
  readonly maskMs: number;
  readonly encodeMs: number;
}

/** What a source turned out to be. */
export interface SourceInfo {
  readonly codec: string;
  readonly width: number;
  readonly height: number;
  readonly fps: number | null;
  /** Art. 15 prohibits audio too: an offer of it in such a place is a finding. Never set up. */
  readonly offersAudio: boolean;
  readonly encoder: string;
  readonly decoder: string;
}

/** Counters since the worker started. */
export interface WorkerCounters {
  readonly received: number;
  readonly decoded: number;
  readonly masked: number;
  readonly encoded: number;
  readonly dropped: number;
  readonly decodeErrors: number;
  readonly selfTests: number;
  readonly decodeBacks: number;
  readonly bytesIn: number;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export type FromWorker =
  | { readonly type: 'hello' }
  /** The event loop turns: sent several times a second. */
  | { readonly type: 'alive'; readonly counters: WorkerCounters; readonly maskedShare: number }
  | { readonly type: 'state'; readonly state: StreamState; readonly detail: string | null }
  | { readonly type: 'source'; readonly info: SourceInfo }
  | { readonly type: 'zones-applied'; readonly revision: number }
  /** A view was taken for the accepted one: to be kept, and given to the next worker. */
  | { readonly type: 'view'; readonly view: string }
  /** The zones follow a small drift of the view from now on: masked where they were accepted, and where it is. */
  | { readonly type: 'view-drifted'; readonly detail: string }
  /** Nothing can be learned of the present view. */
  | { readonly type: 'view-unlearnable'; readonly why: 'uniform' | 'unsteady' }
  | { readonly type: 'snapshot'; readonly request: number; readonly jpeg: Uint8Array | null }
  /** null: there is none, or it is refused. */
  | { readonly type: 'commissioned'; readonly request: number; readonly picture: RawJpeg | null }
  | {
      readonly type: 'log';
      readonly level: LogLevel;
      readonly message: string;
      readonly fields: Record<string, unknown>;
    }
  | MaskedPacket;
