import type { MaskedFrame } from '../../masking/masked-frame.js';
import type { Canvas } from '../decode/canvas.js';
import { compressJpeg } from './jpeg-codec.js';

/** A masked picture as one JPEG file. Like the stream's encoder it takes nothing but a MaskedFrame. Throws AvError. */
export function encodeJpeg(masked: MaskedFrame<Canvas>): Buffer {
  return compressJpeg(masked.picture);
}
