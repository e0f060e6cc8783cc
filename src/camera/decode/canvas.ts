import {
  AV_PIX_FMT_YUV420P,
  AV_PIX_FMT_YUVJ420P,
  AV_PIX_FMT_YUVJ422P,
  AV_PIX_FMT_YUVJ440P,
  AV_PIX_FMT_YUVJ444P,
  AVCOL_RANGE_JPEG,
  type AVPixelFormat,
  SWS_BILINEAR,
} from 'node-av/constants';
import { avGetPixFmtName, Frame, SoftwareScaleContext } from 'node-av/lib';
import type { Picture, Plane } from '../../masking/picture.js';
import { check } from '../av-error.js';

/** Pixel formats whose name alone says "full range". */
const FULL_RANGE_FORMATS: ReadonlySet<AVPixelFormat> = new Set([
  AV_PIX_FMT_YUVJ420P,
  AV_PIX_FMT_YUVJ422P,
  AV_PIX_FMT_YUVJ440P,
  AV_PIX_FMT_YUVJ444P,
]);

/** Whether a format holds red, green and blue (also as a palette), which become Y, U and V only here. */
const isRgb = (format: AVPixelFormat): boolean =>
  /^(0?(rgb|bgr|gbr|argb|abgr)|x2|pal)/.test(avGetPixFmtName(format) ?? '');

export const isFullRange = (frame: Frame): boolean =>
  frame.colorRange === AVCOL_RANGE_JPEG || FULL_RANGE_FORMATS.has(frame.format as AVPixelFormat);

/**
 * The memory of the one picture of a camera that is masked and encoded: allocated once per size and range, and owned here alone.
 *
 * Every decoded frame is copied in (0.35 ms at 1080p; making the decoder's frame writable costs the same copy and an
 * allocation), so masking never touches a buffer that the decoder still refers to, views stay valid for as long as
 * the canvas lives, and no side data (captions, user data) can ride along: only pixels are copied.
 */
export class Canvas implements Picture, Disposable {
  readonly width: number;
  readonly height: number;
  readonly fullRange: boolean;
  readonly planes: readonly [Plane, Plane, Plane];
  readonly frame = new Frame();
  readonly #format: AVPixelFormat;
  #scaler: { context: SoftwareScaleContext; format: AVPixelFormat; width: number; height: number } | null = null;

  /** @param width of the source, px; the buffer drops an odd last column or row, which 4:2:0 cannot hold. */
  constructor(width: number, height: number, fullRange: boolean) {
    this.width = width & ~1;
    this.height = height & ~1;
    this.fullRange = fullRange;
    this.#format = fullRange ? AV_PIX_FMT_YUVJ420P : AV_PIX_FMT_YUV420P;
    this.frame.alloc();
    this.frame.format = this.#format;
    this.frame.width = this.width;
    this.frame.height = this.height;
    check(this.frame.allocBuffer(), 'canvas-allocation', `no memory for a ${width}x${height} picture`);
    if (fullRange) this.frame.colorRange = AVCOL_RANGE_JPEG;
    this.planes = this.freshPlanes();
  }

  fits(frame: Frame): boolean {
    return (
      (frame.width & ~1) === this.width && (frame.height & ~1) === this.height && isFullRange(frame) === this.fullRange
    );
  }

  /** Copies a decoded frame's pixels in, converting to 4:2:0 where it is anything else. Throws AvError. */
  load(frame: Frame): void {
    // Cropping is a matter of two fields: the frame is ours, its buffer is not touched.
    frame.width = this.width;
    frame.height = this.height;
    if (frame.format === this.#format) {
      check(this.frame.copy(frame), 'canvas-copy', 'a decoded frame could not be copied');
      return;
    }
    // A decoder that says "full range" in the frame rather than in the format: same layout, other name.
    if (this.fullRange && frame.format === AV_PIX_FMT_YUV420P) {
      frame.format = this.#format;
      check(this.frame.copy(frame), 'canvas-copy', 'a decoded frame could not be copied');
      return;
    }
    this.convert(frame);
  }

  /** Brings a frame of this size but any format or range in. Throws AvError. */
  convert(frame: Frame): void {
    const scaler = this.#scalerFor(frame);
    check(
      scaler.scaleFrameSync(this.frame, frame),
      'canvas-convert',
      'a decoded frame could not be converted to 4:2:0',
    );
  }

  /** The planes looked up anew, for those who must not trust a kept view. */
  freshPlanes(): readonly [Plane, Plane, Plane] {
    const data = this.frame.data;
    const stride = this.frame.linesize;
    const plane = (i: number): Plane => ({ data: data![i]!, stride: stride[i]! });
    return [plane(0), plane(1), plane(2)];
  }

  #scalerFor(frame: Frame): SoftwareScaleContext {
    const format = frame.format as AVPixelFormat;
    const known = this.#scaler;
    if (known && known.format === format && known.width === frame.width && known.height === frame.height)
      return known.context;
    known?.context.freeContext();
    this.#scaler = null;
    const context = new SoftwareScaleContext();
    context.allocContext();
    // The canvas has the range of the frame, so none is to be converted. The scaler guesses it from the names of formats (grey is always
    // full, 10 bit always studio), and would stretch it; from RGB alone it really goes to a range.
    const sameRange = isRgb(format) && !this.fullRange ? 0 : 1;
    const options: Record<string, number> = {
      srcw: frame.width,
      srch: frame.height,
      src_format: format,
      src_range: sameRange,
      dstw: this.width,
      dsth: this.height,
      dst_format: this.#format,
      dst_range: sameRange,
      sws_flags: SWS_BILINEAR,
    };
    try {
      for (const [name, value] of Object.entries(options))
        check(context.setOption(name, value), 'canvas-convert', `the converter does not know ${name}`);
      const what = `pixel format ${avGetPixFmtName(format)} cannot be converted to 4:2:0`;
      check(context.initContext(), 'canvas-convert', what);
    } catch (error) {
      context.freeContext();
      throw error;
    }
    this.#scaler = { context, format, width: frame.width, height: frame.height };
    return context;
  }

  [Symbol.dispose](): void {
    this.#scaler?.context.freeContext();
    this.#scaler = null;
    this.frame.free();
  }
}
