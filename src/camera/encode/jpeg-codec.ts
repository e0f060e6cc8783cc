import { AV_CODEC_ID_MJPEG, AV_PIX_FMT_YUVJ420P, AVCOL_RANGE_JPEG } from 'node-av/constants';
import { Codec, CodecContext, Packet } from 'node-av/lib';
import { AvError, check } from '../av-error.js';
import { Canvas } from '../decode/canvas.js';

/** Quantiser scale of FFmpeg's MJPEG encoder, 1 (best) to 31: about quality 85 of libjpeg. */
const JPEG_QUANTISER = 4;

/** Of FF_QP2LAMBDA: the unit of `globalQuality`. */
const QP_TO_LAMBDA = 118;

/**
 * Whatever is on a canvas as one JPEG file. Asks nobody whether it is masked: two files alone may use it (`tests/unit/architecture.test.ts`),
 * `jpeg.ts`, which takes a MaskedFrame, and the commissioning view. Throws AvError.
 */
export function compressJpeg(source: Canvas): Buffer {
  // JPEG is full range by definition (JFIF 1.02): a studio-range picture is brought there.
  using converted = source.fullRange ? null : fullRangeCopy(source);
  const picture = converted ?? source;
  const codec = Codec.findEncoder(AV_CODEC_ID_MJPEG);
  if (!codec) throw new AvError('encoder-open', 'this build of the video engine has no JPEG encoder');
  using context = new CodecContext();
  using packet = new Packet();
  context.allocContext3(codec);
  context.width = picture.width;
  context.height = picture.height;
  context.pixelFormat = AV_PIX_FMT_YUVJ420P;
  context.colorRange = AVCOL_RANGE_JPEG;
  context.timeBase = { num: 1, den: 25 } as CodecContext['timeBase'];
  context.threadCount = 1;
  context.globalQuality = JPEG_QUANTISER * QP_TO_LAMBDA;
  check(context.setOption('flags', '+qscale'), 'encoder-open', 'the JPEG encoder takes no quality');
  check(context.open2Sync(codec), 'encoder-open', 'the JPEG encoder did not open');
  packet.alloc();
  const frame = picture.frame;
  frame.pts = 0n;
  frame.quality = JPEG_QUANTISER * QP_TO_LAMBDA;
  check(context.sendFrameSync(frame), 'encode-failed', 'the JPEG encoder refused a picture');
  context.sendFrameSync(null);
  check(context.receivePacketSync(packet), 'encode-failed', 'the JPEG encoder gave nothing');
  return Buffer.from(packet.data!);
}

function fullRangeCopy(source: Canvas): Canvas {
  const copy = new Canvas(source.width, source.height, true);
  copy.convert(source.frame);
  return copy;
}
