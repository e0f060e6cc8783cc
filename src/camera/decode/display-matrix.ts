import type { Rotation } from '../ingest/source.js';

/**
 * The clockwise turn that a display matrix asks for (ISO/IEC 14496-12 section 8.5.3, as FFmpeg passes it on: nine int32, row by
 * row, 16.16 fixed point). Mirrors, and angles that are no quarter turn, are left as they are.
 */
export function rotationOf(matrix: Buffer | null): Rotation {
  if (!matrix || matrix.length < 36) return 0;
  const degrees = Math.round((Math.atan2(matrix.readInt32LE(4), matrix.readInt32LE(0)) * 180) / Math.PI);
  const turn = (degrees + 360) % 360;
  return turn === 90 || turn === 180 || turn === 270 ? turn : 0;
}
