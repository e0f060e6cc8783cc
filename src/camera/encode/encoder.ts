import {
  AV_PICTURE_TYPE_I,
  AV_PICTURE_TYPE_NONE,
  AV_PIX_FMT_YUV420P,
  AV_PIX_FMT_YUVJ420P,
  AVCOL_RANGE_JPEG,
  type AVColorPrimaries,
  type AVColorSpace,
  type AVColorTransferCharacteristic,
  type FFEncoderCodec,
} from 'node-av/constants';
import { Codec, CodecContext, Packet } from 'node-av/lib';
import type { MaskedFrame } from '../../masking/masked-frame.js';
import { CLOCK_HZ, type VideoCodec } from '../../rtsp/published-stream.js';
import { AvError, check } from '../av-error.js';
import type { Canvas } from '../decode/canvas.js';
import { stripExtras } from './strip.js';

/** What an output picture is besides its pixels. Two frames of equal format go through one encoder. */
export interface OutputFormat {
  readonly width: number;
  readonly height: number;
  readonly fullRange: boolean;
  readonly sampleAspectRatio: { readonly num: number; readonly den: number };
  readonly primaries: AVColorPrimaries;
  readonly transfer: AVColorTransferCharacteristic;
  readonly space: AVColorSpace;
}

export interface EncoderSetup {
  readonly codec: VideoCodec;
  readonly format: OutputFormat;
  /** Frames a second: a hint for rate control; timestamps decide. */
  readonly fps: number;
  /** bits/s, for encoders that keep a rate themselves: all but x264. */
  readonly bitrate: number;
  /** Constant quantiser of x264, 0..51: `RateControl` chooses it. */
  readonly qp: number;
  /** Try the machine's hardware encoders first. */
  readonly hardware: boolean;
}

/** One coded picture: parameter sets and slices only, Annex B. */
export interface EncodedPicture {
  readonly data: Buffer;
  readonly keyframe: boolean;
  /** 90 kHz. */
  readonly pts: number;
}

/** Hardware encoders that take 4:2:0 from memory, in order of preference; each opens only where its device is. */
const HARDWARE_ENCODERS: Record<VideoCodec, readonly FFEncoderCodec[]> = {
  h264: ['h264_nvenc', 'h264_videotoolbox', 'h264_amf', 'h264_v4l2m2m'] as FFEncoderCodec[],
  h265: ['hevc_nvenc', 'hevc_videotoolbox', 'hevc_amf', 'hevc_v4l2m2m'] as FFEncoderCodec[],
};

const SOFTWARE_ENCODER: Record<VideoCodec, FFEncoderCodec> = {
  h264: 'libx264' as FFEncoderCodec,
  h265: 'libx265' as FFEncoderCodec,
};

/**
 * Options of the software encoders. `a53cc` and `udu_sei` off: their defaults carry a camera's captions and user data
 * into the output. `stitchable`: parameter sets do not depend on the quantiser, so that one encoder's pictures follow another's. `ipratio=1`: a keyframe
 * is no finer than what follows it, which is dear and shows as a pulse (1080p: a quarter fewer bytes, a fifth less time to encode and to
 * decode). x265 gets no threads of its own, as x264 gets one: a worker is one core's work.
 */
const SOFTWARE_OPTIONS: Record<VideoCodec, Readonly<Record<string, string>>> = {
  h264: {
    preset: 'ultrafast',
    tune: 'zerolatency',
    'forced-idr': '1',
    a53cc: '0',
    udu_sei: '0',
    'x264-params': 'stitchable=1:ipratio=1',
  },
  h265: {
    preset: 'ultrafast',
    tune: 'zerolatency',
    'forced-idr': '1',
    udu_sei: '0',
    'x265-params': 'log-level=none:info=0:repeat-headers=1:pools=none:frame-threads=1:bframes=0:scenecut=0',
  },
};

/** Keyframes are asked for by time (`forceKey`); the encoder's own interval is out of the way, in frames. */
const LONGEST_GOP = 100_000;

/**
 * The only way out for a picture, and it takes nothing but a MaskedFrame. Encodes synchronously, one picture in, one out (hardware
 * encoders may keep a few).
 */
export class Encoder implements Disposable {
  readonly name: string;
  readonly format: OutputFormat;
  readonly #codec: VideoCodec;
  readonly #context: CodecContext;
  readonly #packet = new Packet();

  /** Throws AvError `encoder-open` when no encoder for the codec opens. */
  constructor(setup: EncoderSetup) {
    this.#codec = setup.codec;
    this.format = setup.format;
    const names = setup.hardware
      ? [...HARDWARE_ENCODERS[setup.codec], SOFTWARE_ENCODER[setup.codec]]
      : [SOFTWARE_ENCODER[setup.codec]];
    const opened = firstThatOpens(names, setup);
    this.name = opened.name;
    this.#context = opened.context;
    this.#packet.alloc();
  }

  /** Whether it keeps a constant quantiser, so that somebody else must see to the rate. */
  get keepsQuantiser(): boolean {
    return this.name === SOFTWARE_ENCODER.h264;
  }

  /** Changes the rate from the next picture on, without a keyframe. bits/s. */
  set bitrate(bitsPerSecond: number) {
    this.#context.bitRate = BigInt(bitsPerSecond);
  }

  /** Throws AvError `encode-failed`. */
  encode(
    masked: MaskedFrame<Canvas>,
    pts: number,
    forceKey: boolean,
    onPicture: (picture: EncodedPicture) => void,
  ): void {
    const frame = masked.picture.frame;
    frame.pts = BigInt(pts);
    frame.pictType = forceKey ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE;
    check(this.#context.sendFrameSync(frame), 'encode-failed', `${this.name} refused a picture`);
    this.#drain(onPicture);
  }

  /** The pictures still inside. Nothing can be encoded afterwards. */
  flush(onPicture: (picture: EncodedPicture) => void): void {
    this.#context.sendFrameSync(null);
    this.#drain(onPicture);
  }

  #drain(onPicture: (picture: EncodedPicture) => void): void {
    while (this.#context.receivePacketSync(this.#packet) >= 0) {
      const packet = this.#packet;
      const picture = {
        data: stripExtras(packet.data!, this.#codec),
        keyframe: packet.isKeyframe,
        pts: Number(packet.pts),
      };
      packet.unref();
      onPicture(picture);
    }
  }

  [Symbol.dispose](): void {
    this.#context.freeContext();
    this.#packet.free();
  }
}

function firstThatOpens(
  names: readonly FFEncoderCodec[],
  setup: EncoderSetup,
): { name: string; context: CodecContext } {
  let failure: unknown;
  for (const name of names) {
    const codec = Codec.findEncoderByName(name);
    if (!codec) continue;
    const context = new CodecContext();
    try {
      configure(context, codec, name, setup);
      return { name, context };
    } catch (error) {
      context.freeContext();
      failure = error;
    }
  }
  throw new AvError(
    'encoder-open',
    `no ${setup.codec} encoder opened for ${setup.format.width}x${setup.format.height}`,
    {
      cause: failure,
    },
  );
}

function configure(
  context: CodecContext,
  codec: Codec,
  name: FFEncoderCodec,
  { format, ...setup }: EncoderSetup,
): void {
  context.allocContext3(codec);
  context.width = format.width;
  context.height = format.height;
  context.pixelFormat = format.fullRange ? AV_PIX_FMT_YUVJ420P : AV_PIX_FMT_YUV420P;
  if (format.fullRange) context.colorRange = AVCOL_RANGE_JPEG;
  context.colorPrimaries = format.primaries;
  context.colorTrc = format.transfer;
  context.colorSpace = format.space;
  context.sampleAspectRatio = { ...format.sampleAspectRatio } as CodecContext['sampleAspectRatio'];
  context.timeBase = { num: 1, den: CLOCK_HZ } as CodecContext['timeBase'];
  context.framerate = { num: Math.round(setup.fps * 1000), den: 1000 } as CodecContext['framerate'];
  if (name === SOFTWARE_ENCODER.h264)
    check(context.setOption('qp', String(setup.qp)), 'encoder-open', 'x264 takes no qp');
  else context.bitRate = BigInt(Math.round(setup.bitrate));
  context.gopSize = LONGEST_GOP;
  context.maxBFrames = 0;
  context.threadCount = 1;
  // Options one by one: a Dictionary handed to open2 is freed twice (by open2 and by its finalizer), which crashes later.
  if (name === SOFTWARE_ENCODER[setup.codec])
    for (const [key, value] of Object.entries(SOFTWARE_OPTIONS[setup.codec]))
      check(context.setOption(key, value), 'encoder-open', `${name} does not know option ${key}`);
  check(context.open2Sync(codec), 'encoder-open', `${name} did not open`);
}
