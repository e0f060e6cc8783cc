/** What has to be done to a coded picture before it is upright; all turns are clockwise. EXIF counts the same eight, 1 to 8. */
export type Orientation =
  | 'upright'
  | 'mirror'
  | 'half-turn'
  | 'flip'
  | 'transpose'
  | 'turn-right'
  | 'transverse'
  | 'turn-left';

/** Matrices are made from angles by floating point: an entry this much smaller than its row's other one is a zero. */
const NEARLY_ZERO = 0.01;

/** Bytes of a display matrix. */
const MATRIX_BYTES = 36;

/**
 * How a display matrix wants the picture shown: ISO/IEC 14496-12, 8.5.3, as FFmpeg passes it on: nine int32 in rows
 * (a b u, c d v, x y w), so that a point goes to (ax + cy, bx + dy). Null where that is no quarter turn and no mirror: zones could not be
 * placed.
 */
export function orientationOf(matrix: Buffer): Orientation | null {
  if (matrix.length < MATRIX_BYTES) return null;
  const a = matrix.readInt32LE(0);
  const b = matrix.readInt32LE(4);
  const c = matrix.readInt32LE(12);
  const d = matrix.readInt32LE(16);
  if (outweighs(a, b) && outweighs(d, c)) {
    if (a > 0) return d > 0 ? 'upright' : 'flip';
    return d > 0 ? 'mirror' : 'half-turn';
  }
  if (outweighs(b, a) && outweighs(c, d)) {
    if (b > 0) return c > 0 ? 'transpose' : 'turn-right';
    return c > 0 ? 'turn-left' : 'transverse';
  }
  return null;
}

const outweighs = (large: number, small: number): boolean => Math.abs(small) < Math.abs(large) * NEARLY_ZERO;
