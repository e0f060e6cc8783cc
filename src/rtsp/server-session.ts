import { randomBytes } from 'node:crypto';
import type { PacketSink } from './packet-sink.js';
import type { RtpBatch } from './payload/rtp-batch.js';
import type { AccessUnit } from './published-stream.js';
import type { ServedStream } from './served-stream.js';
import type { ServerConnection } from './server-connection.js';
import type { Transport } from './wire/transport.js';

/** Where a session stands (RFC 2326, A.2, without Init, in which there is none, and without Recording). */
export type SessionState = 'ready' | 'playing' | 'closed';

/** 64 bits, twice what RFC 2326, 3.4 asks for: whoever guesses one may end another's session. */
const ID_BYTES = 8;

/**
 * One client's session: what was set up, and the way of the stream's packets to it while it plays. It lives through every
 * state of the camera, as units just keep coming.
 */
export class ServerSession {
  readonly id = randomBytes(ID_BYTES).toString('hex');
  bytesSent = 0;
  private current: SessionState = 'ready';
  private leave: (() => void) | null = null;
  /** Units that were replayed before the answer to PLAY was written. */
  private held: AccessUnit[] | null = null;
  private waitsForKeyframe = true;

  /**
   * @param connection that controls it; null once that is gone, which a session over UDP outlives
   * @param lastSeen milliseconds on the server's clock of the last sign of life
   * @param onTooSlow the client does not read fast enough and must be dropped
   */
  constructor(
    readonly served: ServedStream,
    public transport: Transport,
    private sink: PacketSink,
    public connection: ServerConnection | null,
    readonly clientAddress: string,
    public lastSeen: number,
    private readonly onTooSlow: (session: ServerSession) => void,
  ) {}

  get state(): SessionState {
    return this.current;
  }

  get streamId(): string {
    return this.served.stream.id;
  }

  /** A new SETUP before PLAY. */
  changeTransport(transport: Transport, sink: PacketSink): void {
    this.sink.close();
    this.transport = transport;
    this.sink = sink;
  }

  /**
   * Joins the stream.
   * @param answer writes the answer to PLAY. It is told the first packets, where the stream begins with units of the past; no
   *   packet goes out before it returns.
   */
  play(answer: (first: RtpBatch | null) => void): void {
    this.current = 'playing';
    this.served.playing.add(this);
    this.waitsForKeyframe = true;
    const held: AccessUnit[] = [];
    this.held = held;
    const { sink } = this;
    this.leave = this.served.stream.join(
      (unit) => {
        if (this.held) this.held.push(unit);
        else this.deliver(unit);
      },
      {
        flush: (done) => sink.flush(done),
        end: () => {
          if (this.current === 'playing') this.onTooSlow(this);
          sink.end(); // also where it plays no more
        },
      },
    );
    const first = held.find((unit) => unit.keyframe);
    answer(first ? this.served.track.batch(first) : null);
    this.held = null;
    for (const unit of held) this.deliver(unit);
  }

  pause(): void {
    if (this.current !== 'playing') return;
    this.stop();
    this.current = 'ready';
  }

  /** Ends it for good. With `goodbye` the client is told by RTCP that the source leaves. */
  close(goodbye: boolean): void {
    if (this.current === 'closed') return;
    const played = this.current === 'playing';
    this.stop();
    this.current = 'closed';
    if (goodbye && played) this.sink.sendReport(this.served.track.goodbye());
  }

  sendReport(rtcp: Buffer): void {
    this.sink.sendReport(rtcp);
  }

  private stop(): void {
    this.served.playing.delete(this);
    const { leave } = this;
    this.leave = null;
    leave?.();
    this.sink.close();
  }

  private deliver(unit: AccessUnit): void {
    if (this.current !== 'playing') return;
    if (this.waitsForKeyframe && !unit.keyframe) return;
    const { track } = this.served;
    const batch = track.batch(unit);
    if (!batch) return;
    if (!this.sink.send(batch, unit.timestamp)) {
      this.onTooSlow(this);
      return;
    }
    this.bytesSent += batch.bytes;
    this.served.bytesSent += batch.bytes;
    if (this.waitsForKeyframe) {
      this.waitsForKeyframe = false;
      // The first report at once: receivers then know the wall clock without waiting for the interval.
      const report = track.senderReport();
      if (report) this.sink.sendReport(report);
    }
  }
}
