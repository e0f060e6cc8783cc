import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import { AV_NOPTS_VALUE, AV_PKT_DATA_DISPLAYMATRIX, AVMEDIA_TYPE_AUDIO, AVMEDIA_TYPE_VIDEO } from 'node-av/constants';
import { FFmpegError, FormatContext, Packet, type Stream } from 'node-av/lib';
import { rotationOf } from '../decode/display-matrix.js';
import { type Source, SourceError, type SourceEvents } from './source.js';

export interface FileSourceConfig {
  readonly path: string;
  /** Begin again at the end. */
  readonly loop: boolean;
  /** `realtime`: by its timestamps, like a camera; `asap`: as fast as it is consumed. */
  readonly pace: 'realtime' | 'asap';
}

/** What FFmpeg's demuxers may open from inside a file: a playlist must not make the gateway fetch addresses. */
const PROTOCOL_WHITELIST = 'file';

/** Frame rate of a stream that does not say. */
const DEFAULT_FPS = 25;

const CLOCK = 90_000;

/** A gap in a file's own timestamps longer than this is not waited for, in ticks (10 s). */
const LONGEST_WAIT = 10 * CLOCK;

/** A file as a camera, by FFmpeg's demuxers. */
export class FileSource implements Source {
  readonly #config: FileSourceConfig;
  readonly #events: SourceEvents;
  #closing = false;
  #done: Promise<void> = Promise.resolve();
  readonly #abort = new AbortController();

  constructor(config: FileSourceConfig, events: SourceEvents) {
    this.#config = config;
    this.#events = events;
  }

  start(): void {
    this.#done = this.#run().then(
      () => this.#end(null),
      (error: unknown) => this.#end(asSourceError(error, this.#config.path)),
    );
  }

  async close(): Promise<void> {
    this.#closing = true;
    this.#abort.abort();
    await this.#done;
  }

  #end(error: SourceError | null): void {
    if (!this.#closing) this.#events.end(error);
  }

  async #run(): Promise<void> {
    await using format = new FormatContext();
    format.allocContext();
    format.setOption('protocol_whitelist', PROTOCOL_WHITELIST);
    must(await format.openInput(this.#config.path), this.#config.path);
    must(await format.findStreamInfo(), this.#config.path);
    const index = format.findBestStream(AVMEDIA_TYPE_VIDEO);
    const stream = index >= 0 ? format.streams[index] : undefined;
    if (!stream) throw new SourceError('source-unsupported', `${this.#config.path} has no video`);
    const { num, den } = stream.avgFrameRate;
    const fps = num > 0 && den > 0 ? num / den : null;
    this.#events.track({
      codec: stream.codecpar.getCodecString() ?? String(stream.codecpar.codecId),
      decoder: { kind: 'parameters', parameters: stream.codecpar },
      fps,
      rotation: rotationOf(stream.codecpar.getCodedSideData(AV_PKT_DATA_DISPLAYMATRIX)),
      offersAudio: format.streams.some((s) => s.codecpar.codecType === AVMEDIA_TYPE_AUDIO),
    });
    const frameTicks = Math.round(CLOCK / (fps ?? DEFAULT_FPS));
    let start = 0;
    for (;;) {
      const end = await this.#play(format, stream, start, frameTicks);
      if (!this.#config.loop || this.#closing) return;
      if (end === start) throw new SourceError('source-unsupported', `${this.#config.path} holds no pictures`);
      start = end;
      must(await format.seekFrame(-1, 0n), this.#config.path);
    }
  }

  /** Delivers every picture once, its timestamps moved to begin at `start`; returns where the next round begins. */
  async #play(format: FormatContext, stream: Stream, start: number, frameTicks: number): Promise<number> {
    using packet = new Packet();
    packet.alloc();
    const { num, den } = stream.timeBase;
    const scale = (CLOCK * num) / den;
    const startedAt = performance.now();
    let first: number | null = null;
    let last = start - frameTicks;
    let latest = start;
    for (;;) {
      const read = await format.readFrame(packet);
      if (read < 0 || this.#closing) return latest === start && last < start ? start : latest + frameTicks;
      if (packet.streamIndex !== stream.index) {
        packet.unref();
        continue;
      }
      const stamp = packet.pts !== AV_NOPTS_VALUE ? packet.pts : packet.dts;
      const ticks: number = stamp === AV_NOPTS_VALUE ? last + frameTicks - start + (first ?? 0) : Number(stamp) * scale;
      first ??= ticks;
      const pts = Math.round(start + ticks - first);
      if (this.#config.pace === 'realtime')
        await this.#until(startedAt, Math.min(pts - start, latest - start + LONGEST_WAIT));
      else await nextTurn();
      if (this.#closing) return latest;
      this.#events.picture({
        data: packet.data!,
        pts,
        keyframe: packet.isKeyframe,
        receivedAt: process.hrtime.bigint(),
      });
      packet.unref();
      last = pts;
      latest = Math.max(latest, pts);
    }
  }

  async #until(startedAt: number, ticks: number): Promise<void> {
    const wait = startedAt + (ticks * 1000) / CLOCK - performance.now();
    if (wait < 1) return void (await nextTurn());
    await delay(wait, undefined, { signal: this.#abort.signal }).catch(() => undefined);
  }
}

function must(result: number, path: string): void {
  if (result < 0) throw new SourceError('source-refused', `${path}: ${FFmpegError.strerror(result)}`);
}

const asSourceError = (error: unknown, path: string): SourceError =>
  error instanceof SourceError
    ? error
    : new SourceError('source-lost', `${path}: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      });
