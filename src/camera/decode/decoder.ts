import {
  AV_CODEC_FLAG_UNALIGNED,
  AV_CODEC_ID_H264,
  AV_CODEC_ID_HEVC,
  AV_CODEC_ID_MJPEG,
  type AVCodecID,
} from 'node-av/constants';
import { Codec, CodecContext, type CodecParameters, Frame, HardwareDeviceContext, Packet } from 'node-av/lib';
import { AvError, check } from '../av-error.js';

/** What a decoder must know before its first packet. */
export type DecoderSetup =
  | { readonly kind: 'codec'; readonly codec: 'h264' | 'h265' | 'mjpeg' }
  /** From FFmpeg's demuxer; copied when the decoder opens. */
  | { readonly kind: 'parameters'; readonly parameters: CodecParameters };

const CODEC_IDS: Record<'h264' | 'h265' | 'mjpeg', AVCodecID> = {
  h264: AV_CODEC_ID_H264,
  h265: AV_CODEC_ID_HEVC,
  mjpeg: AV_CODEC_ID_MJPEG,
};

/**
 * Coded pictures in, frames out, one synchronous call a picture (asynchronous calls cost 10 % more CPU and a thread hop).
 *
 * One thread: frame threading would hold a frame back per thread. Frames keep the geometry of the cropped picture
 * (`UNALIGNED`: otherwise hidden columns shift the zones).
 */
export class Decoder implements Disposable {
  readonly name: string;
  readonly #context: CodecContext;
  readonly #packet = new Packet();
  readonly #frame = new Frame();
  readonly #software = new Frame();
  #errors = 0;

  /** @param hardware try the machine's hardware decoders first. Throws AvError `decoder-missing` or `decoder-open`. */
  constructor(setup: DecoderSetup, hardware = false) {
    const id = setup.kind === 'codec' ? CODEC_IDS[setup.codec] : setup.parameters.codecId;
    const codec = Codec.findDecoder(id);
    if (!codec) throw new AvError('decoder-missing', `no decoder for codec ${id} in this build of the video engine`);
    this.#context = new CodecContext();
    this.#context.allocContext3(codec);
    if (setup.kind === 'parameters')
      check(this.#context.parametersToContext(setup.parameters), 'decoder-open', 'codec parameters were refused');
    this.#context.threadCount = 1;
    this.#context.setFlags(AV_CODEC_FLAG_UNALIGNED);
    const device = hardware ? hardwareDeviceFor(codec) : null;
    if (device) this.#context.hwDeviceCtx = device;
    check(this.#context.open2Sync(codec), 'decoder-open', `decoder ${codec.name} did not open`);
    this.name = device ? `${codec.name}+hardware` : (codec.name ?? String(id));
    this.#packet.alloc();
    this.#frame.alloc();
    this.#software.alloc();
  }

  /** Pictures that the decoder refused since it was opened. */
  get errors(): number {
    return this.#errors;
  }

  /**
   * Decodes one picture. `onFrame` gets each frame that comes out (in presentation order, so perhaps an earlier one), and
   * only until it returns: the frame is reused. `pts` comes back as `frame.pts`.
   */
  decode(data: Uint8Array, pts: number, onFrame: (frame: Frame) => void): void {
    this.#packet.data = data as Buffer;
    this.#packet.pts = BigInt(pts);
    const sent = this.#context.sendPacketSync(this.#packet);
    this.#packet.unref();
    if (sent < 0) this.#errors++;
    this.#drain(onFrame);
  }

  /** The frames still inside, at the end of a file. Nothing can be decoded afterwards. */
  flush(onFrame: (frame: Frame) => void): void {
    this.#context.sendPacketSync(null);
    this.#drain(onFrame);
  }

  #drain(onFrame: (frame: Frame) => void): void {
    while (this.#context.receiveFrameSync(this.#frame) >= 0) {
      try {
        if (this.#frame.isHwFrame()) {
          check(this.#software.hwframeTransferDataSync(this.#frame), 'hardware-transfer', 'a frame was not downloaded');
          this.#software.copyProps(this.#frame);
          onFrame(this.#software);
        } else {
          onFrame(this.#frame);
        }
      } finally {
        this.#software.unref();
        this.#frame.unref();
      }
    }
  }

  [Symbol.dispose](): void {
    this.#context.freeContext();
    this.#packet.free();
    this.#frame.free();
    this.#software.free();
  }
}

/** The first hardware device of this machine that the codec can use, or null. */
function hardwareDeviceFor(codec: Codec): HardwareDeviceContext | null {
  for (const type of codec.getSupportedDeviceTypes()) {
    const device = new HardwareDeviceContext();
    if (device.create(type) >= 0) return device;
    device.free();
  }
  return null;
}
