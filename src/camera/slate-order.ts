import type { SlateLanguage } from '../config/site.js';
import type { VideoCodec } from '../rtsp/published-stream.js';

/** One slate to paint: what it says and how it is coded. Plain data: it crosses a process boundary. */
export interface SlateOrder {
  readonly label: string;
  readonly language: SlateLanguage;
  readonly headline: string;
  readonly sentence: string;
  /** px, even. */
  readonly width: number;
  readonly height: number;
  readonly codec: VideoCodec;
}

/** What the painter sends back for one order. */
export interface PaintedSlate {
  readonly order: SlateOrder;
  /** Annex B, with parameter sets. */
  readonly keyframes: readonly [Uint8Array, Uint8Array];
  readonly jpeg: Uint8Array;
}
