import { VeilgateError } from '../errors.js';
import type { MaskFault } from './mask-fault.js';

/**
 * Why nothing was masked. Whoever catches one must publish no picture: the frame is still raw.
 *
 * - `mask-geometry`: plan and picture do not belong together, or a polygon cannot be drawn at all.
 * - `mask-state`: a frame was asked for while its canvas held raw or half-masked pixels.
 * - `mask-self-test`: masking ran, and what the encoder would read is not masked; `fault` says where.
 */
export class MaskError extends VeilgateError {
  constructor(
    override readonly code: 'mask-geometry' | 'mask-state' | 'mask-self-test',
    message: string,
    readonly fault: MaskFault | null = null,
  ) {
    super(code, message);
  }
}
