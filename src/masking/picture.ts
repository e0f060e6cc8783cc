/**
 * The one kind of picture that is ever masked: 8-bit planar YUV 4:2:0 (FFmpeg's yuv420p). Whatever a camera sends is brought
 * to it before masking, so that there is a single rasteriser, a single self-test and a single way to be wrong.
 */
export interface Picture {
  /** Luma columns; even. */
  readonly width: number;
  /** Luma rows; even. */
  readonly height: number;
  /** Full range (JPEG) levels: black is Y=0. Otherwise studio range: black is Y=16. */
  readonly fullRange: boolean;
  /** `[height, stride]` uint8 luma, then `[height / 2, stride]` uint8 U and V. Writable, owned by this picture. */
  readonly planes: readonly [Plane, Plane, Plane];
}

/** One plane: rows of `stride` bytes, of which the first `width` (luma) or `width / 2` (chroma) are pixels. */
export interface Plane {
  readonly data: Uint8Array;
  readonly stride: number;
}
