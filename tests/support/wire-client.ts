import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { H264Depacketizer } from '../../src/rtsp/payload/h264-depacketizer.js';
import { parseRtp } from '../../src/rtsp/wire/rtp.js';
import type { SeenPicture } from './leaks.js';
import { RawRtsp } from './raw-rtsp.js';
import { lookThrough } from './viewer.js';

/** The channel of RTP; RTCP comes on the next one. */
const RTP_CHANNEL = 0;

/**
 * A client of an H.264 stream that keeps the order of what came over its connection: which pictures were sent before an answer and which
 * after it. That is how "not one more after the change was answered" is checked to the picture.
 */
export class WireClient implements AsyncDisposable {
  readonly #rtsp: RawRtsp;
  readonly #stream: string;

  private constructor(rtsp: RawRtsp, stream: string) {
    this.#rtsp = rtsp;
    this.#stream = stream;
  }

  static async play(port: number, stream: string): Promise<WireClient> {
    const rtsp = await RawRtsp.open(port);
    const { status } = await rtsp.play(stream);
    if (status !== 200) throw new Error(`PLAY of ${stream} was answered by ${status}`);
    return new WireClient(rtsp, stream);
  }

  /** Asks the server for a sign of life; the number of pictures that it had sent before it answered. */
  async mark(): Promise<number> {
    const { events } = this.#rtsp;
    const { headers } = await this.#rtsp.request('GET_PARAMETER', `/${this.#stream}`);
    const cseq = headers.get('CSeq');
    const answer = events.findIndex((e) => e.kind === 'response' && e.response.headers.get('CSeq') === cseq);
    return this.#assemble(answer).length;
  }

  /** Reads nothing more of what is sent. */
  stopReading(): void {
    this.#rtsp.socket.pause();
  }

  /** Reads on, up to the end of the connection. The bytes of the stream that came over it. */
  async readToEnd(): Promise<number> {
    this.#rtsp.socket.resume();
    await this.#rtsp.closed;
    return this.#rtsp.frames.reduce((sum, { payload }) => sum + payload.length, 0);
  }

  /** What every picture that came so far shows, in the order of sending. */
  async pictures(): Promise<SeenPicture[]> {
    const units = this.#assemble(this.#rtsp.events.length);
    const folder = await mkdtemp(join(tmpdir(), 'veilgate-wire-'));
    try {
      const file = join(folder, 'units.h264');
      await writeFile(file, Buffer.concat(units));
      const pictures = await lookThrough(file);
      if (pictures.length === units.length) return pictures;
      throw new Error(`${units.length} coded pictures came to ${pictures.length}: it cannot be told which is which`);
    } finally {
      await rm(folder, { recursive: true });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#rtsp.close();
    await this.#rtsp.closed;
  }

  /** The access units that are complete within the first events. */
  #assemble(end: number): Buffer[] {
    const units: Buffer[] = [];
    const depacketizer = new H264Depacketizer(({ data }) => units.push(Buffer.from(data)));
    for (const event of this.#rtsp.events.slice(0, end)) {
      if (event.kind !== 'frame' || event.channel !== RTP_CHANNEL) continue;
      const packet = parseRtp(event.payload);
      if (packet) depacketizer.push(packet, 0);
    }
    return units;
  }
}
