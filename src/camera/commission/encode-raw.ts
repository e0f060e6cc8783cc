import type { Frame } from 'node-av/lib';
import { Canvas, isFullRange } from '../decode/canvas.js';
import { compressJpeg } from '../encode/jpeg-codec.js';
import { type RawJpeg, sealRawJpeg } from './raw-jpeg.js';

/**
 * The one place where a frame is encoded that nothing was masked in; for `commission-view.ts` alone. On a canvas of its own, which is
 * gone afterwards: the camera's is never raw for longer than it takes to mask it. Throws AvError.
 */
export function encodeRaw(frame: Frame): RawJpeg {
  using canvas = new Canvas(frame.width, frame.height, isFullRange(frame));
  canvas.load(frame);
  return sealRawJpeg(compressJpeg(canvas));
}
