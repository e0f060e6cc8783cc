import type { SlateOrder } from '../camera/slate-order.js';
import type { SlateLanguage } from '../config/site.js';
import type { VideoCodec } from '../rtsp/published-stream.js';
import type { Size } from '../zones/zone.js';
import { SLATE_WORDS } from './slate-words.js';

/** A still that stands in for the picture, encoded once and sent as often as it takes. */
export interface Slate {
  readonly width: number;
  readonly height: number;
  /**
   * The same picture as two keyframes, Annex B with parameter sets: they are sent in turn, since two IDR pictures in a row must
   * differ in `idr_pic_id` (H.264, 7.4.3).
   */
  readonly keyframes: readonly [Buffer, Buffer];
  readonly jpeg: Buffer;
}

/** Before a camera's first picture nothing is known of its size. */
export const FIRST_SLATE_SIZE: Size = { width: 1280, height: 720 };

/** The slates of all states, in a picture's size. */
export const slateOrders = (language: SlateLanguage, { width, height }: Size, codec: VideoCodec): SlateOrder[] =>
  [...SLATE_WORDS[language]].map(([label, words]) => ({
    ...{ label, language, ...words },
    ...{ width: width & ~1, height: height & ~1, codec },
  }));
