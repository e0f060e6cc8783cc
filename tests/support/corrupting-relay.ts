import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** The byte that an interleaved frame begins with (RFC 2326, 10.12), and the length of its head. */
const DOLLAR = 0x24;
const FRAME_HEAD = 4;
const RTP_HEADER = 12;

/** What happens to what a camera sends: in spells, so that there are sound pictures in between, as on a bad line. */
export interface Damage {
  /** A bit of a byte is flipped, or a whole packet does not arrive. */
  readonly kind: 'flipped-bytes' | 'lost-packets';
  /** Of the bytes of RTP payloads, or of the packets, during a spell. */
  readonly share: number;
  /** Packets that a spell takes, and the pause after it. */
  readonly spell: number;
  readonly pause: number;
  /** Makes the damage the same every time. */
  readonly seed: number;
}

/**
 * Stands between a camera and whoever pulls it over TCP, and spoils what the camera sends: RTP packets only, so that the connection
 * itself stays up.
 */
export class CorruptingRelay implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #damage: Damage;
  #random: number;
  #packets = 0;
  #spoilt = 0;

  private constructor(target: number, damage: Damage) {
    this.#damage = damage;
    this.#random = damage.seed;
    this.#server = createServer((client) => {
      const camera = connect(target, '127.0.0.1');
      const spoil = this.#spoiler(client);
      for (const socket of [client, camera]) {
        this.#sockets.add(socket);
        socket.on('error', () => socket.destroy());
      }
      client.pipe(camera);
      camera.on('data', spoil);
      client.once('close', () => camera.destroy());
      camera.once('close', () => client.destroy());
    });
  }

  static async start(target: number, damage: Damage): Promise<CorruptingRelay> {
    const relay = new CorruptingRelay(target, damage);
    await once(relay.#server.listen(0, '127.0.0.1'), 'listening');
    return relay;
  }

  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the relay does not listen');
    return address.port;
  }

  /** Bytes that were flipped so far, or packets that were lost. */
  get spoilt(): number {
    return this.#spoilt;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  /** Passes what a camera sends on to a client, whole messages and frames at a time. */
  #spoiler(client: Socket): (chunk: Buffer) => void {
    let rest = Buffer.alloc(0);
    return (chunk) => {
      rest = Buffer.concat([rest, chunk]);
      for (let length = wholeLength(rest); length > 0 && length <= rest.length; length = wholeLength(rest)) {
        const message = Buffer.from(rest.subarray(0, length));
        rest = rest.subarray(length);
        if (message[0] !== DOLLAR || message[1] !== 0 || this.#spoil(message)) client.write(message);
      }
    };
  }

  /** Whether the packet arrives. */
  #spoil(frame: Buffer): boolean {
    const { kind, spell, pause, share } = this.#damage;
    if (this.#packets++ % (spell + pause) >= spell) return true;
    if (kind === 'lost-packets') {
      const lost = this.#next() < share;
      if (lost) this.#spoilt++;
      return !lost;
    }
    for (let at = FRAME_HEAD + RTP_HEADER; at < frame.length; at++) {
      if (this.#next() >= share) continue;
      frame[at]! ^= 1 << Math.floor(this.#next() * 8);
      this.#spoilt++;
    }
    return true;
  }

  /** In [0, 1); xorshift32 (Marsaglia 2003). */
  #next(): number {
    let x = this.#random;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#random = x >>> 0;
    return this.#random / 2 ** 32;
  }
}

/** Of the frame or message at the beginning; 0 while that cannot be told. */
function wholeLength(bytes: Buffer): number {
  if (bytes.length < FRAME_HEAD) return 0;
  if (bytes[0] === DOLLAR) return FRAME_HEAD + bytes.readUInt16BE(2);
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return 0;
  const length = /^content-length:\s*(\d+)/im.exec(bytes.toString('latin1', 0, end));
  return end + 4 + Number(length?.[1] ?? 0);
}
