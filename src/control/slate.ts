import type { SlateOrder } from '../camera/slate-order.js';
import type { VideoCodec } from '../rtsp/published-stream.js';
import type { Size } from '../zones/zone.js';

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

/** Headline and sentence on a slate, by state label. */
const WORDS: Readonly<Record<string, readonly [headline: string, sentence: string]>> = {
  'starting:worker-starting': ['Starting', 'The camera is being connected.'],
  'starting:worker-crashed': ['Restarting', 'The camera process ended and is being restarted.'],
  'starting:worker-hung': ['Restarting', 'The camera process stopped answering and is being restarted.'],
  'starting:connecting': ['Connecting', 'The camera is being connected.'],
  'starting:waiting-for-keyframe': ['Connecting', 'Waiting for the first complete picture.'],
  'withheld:config-invalid': ['Withheld', 'The zones of this camera cannot be read.'],
  'withheld:prohibited-place': ['Withheld', 'Cameras are prohibited in this place (Regulation, Art. 15).'],
  'withheld:operator': ['Withheld', 'Withheld by an operator.'],
  'withheld:self-test-failed': ['Withheld', 'The privacy mask failed its self-test.'],
  'withheld:geometry-changed': ['Withheld', 'The picture has another shape than the zones were drawn on.'],
  'withheld:off-preset': ['Withheld', 'The camera is turned away from where its zones were drawn.'],
  'withheld:view-moved': ['Withheld', 'The camera no longer sees what the zones were drawn on.'],
  'withheld:view-covered': ['Withheld', 'The camera is covered.'],
  'withheld:view-lost': ['Withheld', 'The view of the camera cannot be recognised.'],
  'withheld:analysis-stale': ['Withheld', 'The analysis that a zone needs is late.'],
  'offline:source-lost': ['Offline', 'The connection to the camera was lost.'],
  'offline:source-stalled': ['Offline', 'The camera stopped sending pictures.'],
  'offline:source-refused': ['Offline', 'The camera refused the connection.'],
  'offline:source-unsupported': ['Offline', 'The camera sends no video that can be read.'],
  'offline:source-ended': ['Offline', 'The recording has ended.'],
};

/** Every state but `masked`, which has a picture instead. */
export const SLATE_LABELS: readonly string[] = Object.keys(WORDS);

/** The slate for a state's label (`stateLabel`), in a picture's size. */
export function slateOrder(label: string, size: Size, codec: VideoCodec): SlateOrder {
  const [headline, sentence] = WORDS[label] ?? ['Withheld', label];
  return { label, headline, sentence, width: size.width & ~1, height: size.height & ~1, codec };
}
