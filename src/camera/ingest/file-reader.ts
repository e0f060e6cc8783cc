import {
  AV_NOPTS_VALUE,
  AV_PKT_FLAG_CORRUPT,
  AV_PKT_FLAG_DISCARD,
  AV_TIME_BASE,
  AVERROR_EOF,
  AVFMT_NOTIMESTAMPS,
  AVFMT_TS_DISCONT,
  AVMEDIA_TYPE_AUDIO,
  AVMEDIA_TYPE_VIDEO,
  AVSEEK_FLAG_BYTE,
} from 'node-av/constants';
import { avGetCodecName, FFmpegError, FormatContext, Packet, type Stream } from 'node-av/lib';
import { CLOCK_HZ } from '../../rtsp/published-stream.js';
import type { CodedPicture } from '../decode/decoder.js';
import { SourceError, type SourceTrack } from './source.js';

/** What FFmpeg's demuxers may open from inside a file: a playlist must not make the gateway fetch addresses. */
const PROTOCOL_WHITELIST = 'file';

/** Frame rate of a stream that does not say. */
const DEFAULT_FPS = 25;

/** In formats whose clock may jump (transport streams), a step longer than this, in ticks (10 s), is a jump and not a pause. */
const JUMP = 10 * CLOCK_HZ;

/** A whole file may end so much before the time it declares, s: headers round, and count a last frame as they like. */
const END_TOLERANCE_S = 1;

/** A coded picture of a file; `data` is valid until the next one is read. */
export interface FilePicture extends CodedPicture {
  readonly dts: number | null;
}

/** Reads the coded pictures of a file's video, one after the other. One call at a time; free it when none is pending. */
export class FileReader implements AsyncDisposable {
  readonly format: FormatContext;
  readonly stream: Stream;
  readonly track: SourceTrack;
  readonly #path: string;
  readonly #packet = new Packet();
  readonly #frameTicks: number;
  readonly #jumps: boolean;
  /** Ticks of a unit of the stream's time base. */
  readonly #scale: number;
  /** Added to the file's times, ticks; null before the first picture. */
  #offset: number | null = null;
  /** Decoding time of the last picture that has one, ticks. */
  #last: number | null = null;
  /** Where the next round begins, ticks. */
  #end = 0;
  #pictures = 0;
  #damaged = 0;
  /** Latest end of any packet of any stream, s. */
  #reached = Number.NEGATIVE_INFINITY;

  private constructor(path: string, format: FormatContext, stream: Stream) {
    this.#path = path;
    this.format = format;
    this.stream = stream;
    this.track = describe(format, stream);
    this.#frameTicks = frameTicksOf(this.track.fps);
    this.#jumps = hasFlag(format, AVFMT_TS_DISCONT);
    this.#scale = (CLOCK_HZ * stream.timeBase.num) / stream.timeBase.den;
    this.#packet.alloc();
  }

  /** @throws SourceError `source-refused` where the file cannot be read, `source-unsupported` where it holds no video */
  static async open(path: string): Promise<FileReader> {
    const format = new FormatContext();
    try {
      format.allocContext();
      format.setOption('protocol_whitelist', PROTOCOL_WHITELIST);
      must(await format.openInput(path), path);
      must(await format.findStreamInfo(), path);
      const index = format.findBestStream(AVMEDIA_TYPE_VIDEO);
      const stream = index >= 0 ? format.streams[index] : undefined;
      if (!stream) throw new SourceError('source-unsupported', `${path} holds no video`);
      return new FileReader(path, format, stream);
    } catch (error) {
      await format[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** From picture to picture, as far as known, in ticks. */
  get frameTicks(): number {
    return this.#frameTicks;
  }

  /**
   * The next picture, or null at the end. Times begin at 0 and go on from round to round.
   * @throws SourceError `source-lost` where the file cannot be read on
   */
  async next(): Promise<FilePicture | null> {
    const packet = this.#packet;
    for (;;) {
      packet.unref();
      const read = await this.format.readFrame(packet);
      if (read === AVERROR_EOF) return null;
      if (read < 0) throw new SourceError('source-lost', `${this.#path}: ${FFmpegError.strerror(read)}`);
      this.#follow(packet);
      if (packet.streamIndex !== this.stream.index) continue;
      this.#pictures++;
      // Where streams may be joined, so are their packet counters: a step of those is no damage.
      if (packet.flags & AV_PKT_FLAG_CORRUPT && !this.#jumps) this.#damaged++;
      const pts = this.#ticks(packet.pts);
      const dts = this.#ticks(packet.dts);
      this.#place(pts, dts);
      return {
        data: packet.data!,
        pts: this.#shift(pts),
        dts: this.#shift(dts),
        keyframe: packet.isKeyframe,
        hidden: (packet.flags & AV_PKT_FLAG_DISCARD) !== 0,
      };
    }
  }

  /** Back to the first picture. @throws SourceError `source-unsupported` where there was none, or the file cannot be read twice */
  async rewind(): Promise<void> {
    this.#assertPictures();
    if ((await this.format.seekFrame(-1, 0n)) < 0 && (await this.format.seekFrame(-1, 0n, AVSEEK_FLAG_BYTE)) < 0)
      throw new SourceError('source-unsupported', `${this.#path} cannot be read from its beginning again`);
    this.#offset = null;
    this.#last = null;
    this.#pictures = 0;
  }

  /** At the end: that all of it was there. @throws SourceError `source-unsupported` no pictures, `source-lost` damaged or cut short */
  assertWhole(): void {
    this.#assertPictures();
    if (this.#damaged > 0)
      throw new SourceError('source-lost', `${this.#path} is damaged or cut short (${this.#damaged} bad packets)`);
    const { duration, startTime } = this.format;
    if (duration <= 0n || hasFlag(this.format, AVFMT_NOTIMESTAMPS)) return;
    const begin = startTime === AV_NOPTS_VALUE ? 0 : Number(startTime) / AV_TIME_BASE;
    const declared = Number(duration) / AV_TIME_BASE;
    const found = this.#reached - begin;
    if (found >= declared - END_TOLERANCE_S) return;
    const seconds = `${Math.max(0, found).toFixed(1)} s of ${declared.toFixed(1)} s`;
    throw new SourceError('source-lost', `${this.#path} is cut short: it holds ${seconds}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#packet.free();
    await this.format[Symbol.asyncDispose]();
  }

  #assertPictures(): void {
    if (this.#pictures === 0) throw new SourceError('source-unsupported', `${this.#path} holds no pictures`);
  }

  #follow(packet: Packet): void {
    const stamp = packet.pts === AV_NOPTS_VALUE ? packet.dts : packet.pts;
    if (stamp === AV_NOPTS_VALUE) return;
    const { num, den } = packet.streamIndex === this.stream.index ? this.stream.timeBase : this.#timeBaseOf(packet);
    this.#reached = Math.max(this.#reached, (Number(stamp + packet.duration) * num) / den);
  }

  #timeBaseOf(packet: Packet): { num: number; den: number } {
    return this.format.streams[packet.streamIndex]?.timeBase ?? { num: 0, den: 1 };
  }

  #ticks(stamp: bigint): number | null {
    return stamp === AV_NOPTS_VALUE ? null : Number(stamp) * this.#scale;
  }

  #shift(ticks: number | null): number | null {
    return ticks === null ? null : Math.round(ticks + this.#offset!);
  }

  /** Keeps the offset such that times go on from the round before, and over a clock's jumps. */
  #place(pts: number | null, dts: number | null): void {
    const shown = pts ?? dts;
    const decoded = dts ?? pts;
    if (shown === null || decoded === null) return;
    this.#offset ??= this.#end - shown;
    const step = decoded - (this.#last ?? decoded);
    if (this.#jumps && Math.abs(step) > JUMP) this.#offset += this.#frameTicks - step;
    this.#last = decoded;
    this.#end = Math.max(this.#end, Math.round(shown + this.#offset) + this.#frameTicks);
  }
}

function describe(format: FormatContext, stream: Stream): SourceTrack {
  const { num, den } = stream.avgFrameRate;
  const fps = num > 0 && den > 0 ? num / den : null;
  const parameters = stream.codecpar;
  // Containers may know the shape of pixels where the stream itself does not say.
  if (parameters.sampleAspectRatio.num === 0) parameters.sampleAspectRatio = stream.sampleAspectRatio;
  const name = avGetCodecName(parameters.codecId) ?? String(parameters.codecId);
  const bitrate = Number(parameters.bitRate || format.bitRate);
  return {
    codec: name === 'hevc' ? 'h265' : name,
    decoder: { kind: 'parameters', parameters, frameTicks: frameTicksOf(fps) },
    fps,
    bitrate: bitrate > 0 ? bitrate : null,
    durationMs: format.duration > 0n ? (Number(format.duration) * 1000) / AV_TIME_BASE : null,
    offersAudio: format.streams.some(({ codecpar }) => codecpar.codecType === AVMEDIA_TYPE_AUDIO),
  };
}

const frameTicksOf = (fps: number | null): number => Math.round(CLOCK_HZ / (fps ?? DEFAULT_FPS));

const hasFlag = (format: FormatContext, flag: number): boolean => ((format.iformat?.flags ?? 0) & flag) !== 0;

function must(result: number, path: string): void {
  if (result < 0) throw new SourceError('source-refused', `${path} cannot be read: ${FFmpegError.strerror(result)}`);
}
