import {
  AV_CODEC_ID_H264,
  AV_CODEC_ID_HEVC,
  AV_PIX_FMT_YUV420P,
  AV_PIX_FMT_YUVJ420P,
  AV_PKT_FLAG_KEY,
  AVCOL_RANGE_JPEG,
  AVMEDIA_TYPE_VIDEO,
} from 'node-av/constants';
import { FormatContext, Packet, type Stream } from 'node-av/lib';
import {
  h264NalType,
  h265NalType,
  isH264ParameterSet,
  isH265ParameterSet,
  joinAnnexB,
  splitAnnexB,
} from '../rtsp/payload/annexb.js';
import type { VideoCodec } from '../rtsp/published-stream.js';
import { CLOCK_HZ } from '../rtsp/published-stream.js';
import { AvError, check } from './av-error.js';
import type { EncodedPicture, OutputFormat } from './encode/encoder.js';

const CODEC_IDS = { h264: AV_CODEC_ID_H264, h265: AV_CODEC_ID_HEVC } as const;

/** Sample entries whose parameter sets stand in the header alone (ISO/IEC 14496-15, 5.4.2 and 8.4.1): the ones that every player knows. */
const SAMPLE_ENTRIES: Record<VideoCodec, string> = { h264: 'avc1', h265: 'hvc1' };

/**
 * `faststart`: the index in front, so that a browser can play it before it has all of it. `bitexact`: no name of a program, no
 * dates. The clock is the encoder's, so that no time is rounded.
 */
const OPTIONS = { movflags: '+faststart', fflags: '+bitexact', video_track_timescale: CLOCK_HZ } as const;

const isParameterSet: Record<VideoCodec, (firstByte: number) => boolean> = {
  h264: (byte) => isH264ParameterSet(h264NalType(byte)),
  h265: (byte) => isH265ParameterSet(h265NalType(byte)),
};

/**
 * Writes coded pictures of one format to an MP4 file: one video track, nothing else, no metadata. A picture is written when the next
 * one tells how long it is shown.
 *
 * Throws AvError `mux-failed` from everything, and `mux-format` for pictures that do not fit to those before.
 */
export class Mp4Writer implements AsyncDisposable {
  readonly #codec: VideoCodec;
  readonly #context = new FormatContext();
  readonly #packet = new Packet();
  readonly #format: OutputFormat;
  readonly #frameTicks: number;
  #stream: Stream | null = null;
  #parameterSets: Buffer = Buffer.alloc(0);
  #waiting: EncodedPicture | null = null;

  /**
   * @param path of the file, which is made or overwritten; its name does not matter
   * @param frameTicks how long the last picture is shown, 90 kHz ticks, where there is only one
   */
  constructor(path: string, codec: VideoCodec, format: OutputFormat, frameTicks: number) {
    this.#codec = codec;
    this.#format = format;
    this.#frameTicks = frameTicks;
    this.#packet.alloc();
    check(this.#context.allocOutputContext2(null, 'mp4', path), 'mux-failed', 'MP4 cannot be written');
    for (const [name, value] of Object.entries(OPTIONS))
      check(this.#context.setOption(name, value), 'mux-failed', `the MP4 writer does not know ${name}`);
    check(this.#context.openOutputSync(), 'mux-failed', `${path} cannot be written`);
  }

  /** Pictures in the order in which they are shown, beginning with a keyframe. */
  write(picture: EncodedPicture): void {
    if (!this.#stream) this.#begin(picture);
    else if (this.#waiting) this.#put(this.#waiting, picture.pts - this.#waiting.pts);
    this.#waiting = picture;
  }

  /** Writes what waits, and the index. Nothing can be written afterwards. */
  async finish(): Promise<void> {
    if (!this.#waiting) throw new AvError('mux-failed', 'there is no picture to write');
    this.#put(this.#waiting, this.#frameTicks);
    check(await this.#context.writeTrailer(), 'mux-failed', 'the file could not be completed');
    await this.#context.closeOutput();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#packet.free();
    await this.#context[Symbol.asyncDispose]();
  }

  #begin(first: EncodedPicture): void {
    this.#parameterSets = joinAnnexB(this.#split(first.data).parameterSets);
    const stream = this.#context.newStream(null);
    const { width, height, fullRange, sampleAspectRatio, primaries, transfer, space } = this.#format;
    const { num, den } = sampleAspectRatio;
    const parameters = stream.codecpar;
    parameters.codecType = AVMEDIA_TYPE_VIDEO;
    parameters.codecId = CODEC_IDS[this.#codec];
    parameters.codecTag = SAMPLE_ENTRIES[this.#codec];
    parameters.format = fullRange ? AV_PIX_FMT_YUVJ420P : AV_PIX_FMT_YUV420P;
    if (fullRange) parameters.colorRange = AVCOL_RANGE_JPEG;
    parameters.width = width;
    parameters.height = height;
    parameters.sampleAspectRatio = { num, den } as typeof parameters.sampleAspectRatio;
    parameters.colorPrimaries = primaries;
    parameters.colorTrc = transfer;
    parameters.colorSpace = space;
    parameters.extradata = this.#parameterSets;
    stream.sampleAspectRatio = parameters.sampleAspectRatio;
    stream.timeBase = { num: 1, den: CLOCK_HZ } as Stream['timeBase'];
    check(this.#context.writeHeaderSync(), 'mux-failed', 'the file could not be begun');
    this.#stream = stream;
  }

  #put(picture: EncodedPicture, duration: number): void {
    const { parameterSets, slices } = this.#split(picture.data);
    if (parameterSets.length > 0 && !joinAnnexB(parameterSets).equals(this.#parameterSets))
      throw new AvError(
        'mux-format',
        'the encoder changed its parameters in mid-stream, which an MP4 file cannot hold',
      );
    const packet = this.#packet;
    packet.data = joinAnnexB(slices);
    packet.streamIndex = this.#stream!.index;
    packet.pts = BigInt(picture.pts);
    packet.dts = packet.pts;
    packet.duration = BigInt(duration);
    if (picture.keyframe) packet.flags = AV_PKT_FLAG_KEY;
    const written = this.#context.writeFrameSync(packet);
    packet.unref();
    check(written, 'mux-failed', 'a picture could not be written');
  }

  #split(data: Buffer): { parameterSets: Buffer[]; slices: Buffer[] } {
    const parameterSets: Buffer[] = [];
    const slices: Buffer[] = [];
    for (const unit of splitAnnexB(data)) (isParameterSet[this.#codec](unit[0]!) ? parameterSets : slices).push(unit);
    return { parameterSets, slices };
  }
}
