import {
  AV_CODEC_FLAG_UNALIGNED,
  AV_CODEC_ID_H264,
  AV_CODEC_ID_HEVC,
  AV_CODEC_ID_MJPEG,
  AV_NOPTS_VALUE,
  AV_PKT_FLAG_DISCARD,
  type AVCodecID,
  AVERROR_EAGAIN,
  AVERROR_EOF,
} from 'node-av/constants';
import { Codec, CodecContext, type CodecParameters, Frame, HardwareDeviceContext, Packet } from 'node-av/lib';
import { AvError, check } from '../av-error.js';

/** What a decoder must know before its first packet. */
export type DecoderSetup =
  | { readonly kind: 'codec'; readonly codec: 'h264' | 'h265' | 'mjpeg' }
  /** From FFmpeg's demuxer; copied when the decoder opens. `frameTicks`: from picture to picture, 90 kHz, where none has a time. */
  | { readonly kind: 'parameters'; readonly parameters: CodecParameters; readonly frameTicks: number };

/** One coded picture, as a decoder takes it. */
export interface CodedPicture {
  readonly data: Uint8Array;
  /** Decoding can start here. */
  readonly keyframe: boolean;
  /** When it is shown, 90 kHz ticks; null where the source does not say. */
  readonly pts: number | null;
  /** When it is decoded, 90 kHz ticks, where the source says so: what is left to go by where `pts` is missing. */
  readonly dts?: number | null;
  /** Needed to decode others, but not to be shown: before the beginning that a file's edit list sets. */
  readonly hidden?: boolean;
  /** Something of it was lost on the way. */
  readonly damaged?: boolean;
}

/** Gets each frame and its time, 90 kHz ticks. The frame is reused as soon as it returns. */
export type OnFrame = (frame: Frame, pts: number) => void;

/** From picture to picture where nothing tells: 25 a second, in 90 kHz ticks. */
const DEFAULT_FRAME_TICKS = 3600;

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
 *
 * Only sound frames come out. In a damaged one, wrong motion vectors and predictions carry what lies in a zone to places outside it
 * (1 % of the bytes flipped: the zone's pattern showed beside the mask in a third of the frames), and whatever refers to it inherits
 * that. So after damage nothing comes out until a keyframe has been decoded without a complaint. H.264's decoder complains reliably; H.265's
 * overlooks flipped bits, so there what counts is `damaged`.
 */
export class Decoder implements Disposable {
  readonly name: string;
  readonly #context: CodecContext;
  readonly #packet = new Packet();
  readonly #frame = new Frame();
  readonly #software = new Frame();
  readonly #frameTicks: number;
  #lastPts: number | null = null;
  #errors = 0;
  #damaged = false;
  #heldBack = 0;

  /** @param hardware try the machine's hardware decoders first. Throws AvError `decoder-missing` or `decoder-open`. */
  constructor(setup: DecoderSetup, hardware = false) {
    const id = setup.kind === 'codec' ? CODEC_IDS[setup.codec] : setup.parameters.codecId;
    const codec = Codec.findDecoder(id);
    if (!codec) throw new AvError('decoder-missing', `no decoder for codec ${id} in this build of the video engine`);
    this.#context = new CodecContext();
    this.#context.allocContext3(codec);
    if (setup.kind === 'parameters')
      check(this.#context.parametersToContext(setup.parameters), 'decoder-open', 'codec parameters were refused');
    this.#frameTicks = setup.kind === 'parameters' ? setup.frameTicks : DEFAULT_FRAME_TICKS;
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

  /** Pictures that came damaged, or that the decoder refused or complained about, since it was opened. */
  get errors(): number {
    return this.#errors;
  }

  /** Pictures that were left out since they build on a damaged one. */
  get heldBack(): number {
    return this.#heldBack;
  }

  /** The last picture was damaged, or builds on one that was: nothing comes out until a sound keyframe. */
  get isDamaged(): boolean {
    return this.#damaged;
  }

  /** Decodes one picture. What comes out comes in the order in which it is shown, so perhaps an earlier one. */
  decode(picture: CodedPicture, onFrame: OnFrame): void {
    if (picture.damaged) return this.#spoil();
    if (this.#damaged) {
      if (!picture.keyframe) return void this.#heldBack++;
      // Frames that are still inside, and those that could be referred to, are of no use.
      this.#context.flushBuffers();
      this.#damaged = false;
    }
    const packet = this.#packet;
    packet.data = picture.data as Buffer;
    packet.pts = picture.pts === null ? AV_NOPTS_VALUE : BigInt(picture.pts);
    packet.dts = picture.dts == null ? AV_NOPTS_VALUE : BigInt(picture.dts);
    // Some decoders (PNG) take what is no keyframe for a difference.
    packet.isKeyframe = picture.keyframe;
    if (picture.hidden) packet.setFlags(AV_PKT_FLAG_DISCARD);
    const sent = this.#context.sendPacketSync(packet);
    packet.unref();
    if (sent < 0) this.#spoil();
    this.#drain(onFrame);
  }

  #spoil(): void {
    this.#errors++;
    this.#damaged = true;
  }

  /** The frames still inside, at the end of a file. Nothing can be decoded afterwards. */
  flush(onFrame: OnFrame): void {
    this.#context.sendPacketSync(null);
    this.#drain(onFrame);
  }

  #drain(onFrame: OnFrame): void {
    for (;;) {
      const received = this.#context.receiveFrameSync(this.#frame);
      if (received < 0) {
        if (received !== AVERROR_EAGAIN && received !== AVERROR_EOF) this.#spoil();
        return;
      }
      try {
        if (this.#frame.decodeErrorFlags !== 0) this.#spoil();
        if (!this.#damaged) onFrame(this.#inMemory(), this.#timeOf(this.#frame));
      } finally {
        this.#software.unref();
        this.#frame.unref();
      }
    }
  }

  /** The frame at hand, brought here from a graphics card if it lies there. */
  #inMemory(): Frame {
    if (!this.#frame.isHwFrame()) return this.#frame;
    check(this.#software.hwframeTransferDataSync(this.#frame), 'hardware-transfer', 'a frame was not downloaded');
    this.#software.copyProps(this.#frame);
    return this.#software;
  }

  /** By its own time or else by its decoding time, as FFmpeg's best effort has it; else one step after the last. */
  #timeOf(frame: Frame): number {
    const stamp = frame.bestEffortTimestamp;
    const known = stamp === AV_NOPTS_VALUE ? null : Number(stamp);
    const pts = known ?? (this.#lastPts === null ? 0 : this.#lastPts + this.#frameTicks);
    this.#lastPts = pts;
    return pts;
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
