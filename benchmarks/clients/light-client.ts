import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** RFC 2326, 10.12: `$`, channel, two bytes of length. */
const FRAME_HEADER = 4;
const DOLLAR = 0x24;
/** RFC 3550, 5.1: the marker, on the last packet of a picture. */
const MARKER = 0x80;
/** The channel that is asked for; RTCP comes on the next one. */
const RTP_CHANNEL = 0;

/** Read at once, bytes: more than the largest picture of the clips. */
const READ_BYTES = 256 * 1024;

/** Well under any server's session timeout, ms. */
const KEEP_ALIVE_MS = 20_000;

/**
 * @param packet the last RTP packet of a picture, valid during the call
 */
export type PictureListener = (packet: Buffer) => void;

export interface LightClientOptions {
  readonly url: string;
  /** Each picture, when its last packet has come. */
  readonly onPicture?: PictureListener;
  /** Each RTP packet, valid during the call. */
  readonly onPacket?: PictureListener;
}

/** A client over TCP that looks at packets and no further, so that a hundred of them cost little beside what is measured. */
export class LightClient implements AsyncDisposable {
  /** Pictures so far. */
  pictures = 0;
  readonly #options: LightClientOptions;
  readonly #socket: Socket;
  readonly #pending = Buffer.allocUnsafe(2 * READ_BYTES);
  #filled = 0;
  #cseq = 0;
  #answer: ((response: string) => void) | null = null;
  #session = '';
  #keepAlive: NodeJS.Timeout | null = null;

  private constructor(options: LightClientOptions) {
    this.#options = options;
    const { hostname, port } = new URL(options.url);
    this.#socket = connect({
      host: hostname,
      port: Number(port || 554),
      noDelay: true,
      onread: {
        buffer: Buffer.allocUnsafe(READ_BYTES),
        callback: (bytes, buffer) => {
          this.#take(buffer as Buffer, bytes);
          return true;
        },
      },
    });
    this.#socket.on('error', () => undefined);
  }

  /** Asks for a stream and plays it. Rejects where the server does not give it. */
  static async play(options: LightClientOptions): Promise<LightClient> {
    const client = new LightClient(options);
    try {
      await client.#start();
      return client;
    } catch (error) {
      client.#socket.destroy();
      throw error;
    }
  }

  /** Whether the server has sent it away. */
  get isOver(): boolean {
    return this.#socket.destroyed;
  }

  async close(): Promise<void> {
    if (this.#keepAlive) clearInterval(this.#keepAlive);
    if (this.#socket.destroyed) return;
    const farewell = this.#request('TEARDOWN', this.#options.url, `Session: ${this.#session}\r\n`);
    await Promise.race([farewell.catch(() => undefined), pause(500)]);
    this.#socket.destroy();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #start(): Promise<void> {
    const { url } = this.#options;
    await once(this.#socket, 'connect');
    const description = await this.#request('DESCRIBE', url, 'Accept: application/sdp\r\n');
    const base = /^Content-Base:\s*(\S+)/im.exec(description)?.[1] ?? url;
    const control = /^m=video[\s\S]*?^a=control:(\S+)/m.exec(description)?.[1] ?? '';
    const track = control.includes('://') ? control : `${base.replace(/\/$/, '')}/${control}`;
    const setup = await this.#request('SETUP', track, 'Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n');
    this.#session = /^Session:\s*([^;\r\n]+)/im.exec(setup)?.[1] ?? '';
    await this.#request('PLAY', base, `Session: ${this.#session}\r\n`);
    this.#keepAlive = setInterval(
      () => void this.#request('GET_PARAMETER', url, `Session: ${this.#session}\r\n`).catch(() => undefined),
      KEEP_ALIVE_MS,
    );
    this.#keepAlive.unref();
  }

  async #request(method: string, url: string, headers: string): Promise<string> {
    const answered = new Promise<string>((resolve, reject) => {
      this.#answer = resolve;
      this.#socket.once('close', () => reject(new Error(`${url}: the connection was closed`)));
    });
    this.#socket.write(`${method} ${url} RTSP/1.0\r\nCSeq: ${++this.#cseq}\r\n${headers}\r\n`);
    const response = await answered;
    if (!response.startsWith('RTSP/1.0 200')) throw new Error(`${method} ${url}: ${response.split('\r\n')[0]}`);
    return response;
  }

  #take(chunk: Buffer, bytes: number): void {
    const pending = this.#pending;
    chunk.copy(pending, this.#filled, 0, bytes);
    const end = this.#filled + bytes;
    let at = 0;
    while (end - at >= FRAME_HEADER) {
      const next = pending[at] === DOLLAR ? this.#frameEnd(at, end) : this.#responseEnd(at, end);
      if (next < 0) break;
      at = next;
    }
    if (at > 0) pending.copyWithin(0, at, end);
    this.#filled = end - at;
  }

  /** Where the frame that begins at `at` ends, once it has all come; else -1. */
  #frameEnd(at: number, end: number): number {
    const pending = this.#pending;
    const start = at + FRAME_HEADER;
    const next = start + pending.readUInt16BE(at + 2);
    if (next > end) return -1;
    if (pending[at + 1] !== RTP_CHANNEL) return next;
    const { onPacket, onPicture } = this.#options;
    onPacket?.(pending.subarray(start, next));
    if ((pending[start + 1]! & MARKER) !== 0) {
      this.pictures++;
      onPicture?.(pending.subarray(start, next));
    }
    return next;
  }

  #responseEnd(at: number, end: number): number {
    const text = this.#pending.toString('latin1', at, end);
    const head = text.indexOf('\r\n\r\n');
    if (head < 0) return -1;
    const length = head + 4 + Number(/^Content-Length:\s*(\d+)/im.exec(text.slice(0, head))?.[1] ?? 0);
    if (text.length < length) return -1;
    this.#answer?.(text.slice(0, length));
    this.#answer = null;
    return at + length;
  }
}
