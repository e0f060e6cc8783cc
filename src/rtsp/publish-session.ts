import { setTimeout as delay } from 'node:timers/promises';
import { quoteStatus, RtspConnection, type TlsOptions } from './client-connection.js';
import { RtspClientError } from './client-error.js';
import type { ClientTimeouts } from './client-timeouts.js';
import type { SourceAddress } from './client-url.js';
import { INTERLEAVED_HEADER_BYTES } from './payload/rtp-batch.js';
import { PublishFeed } from './publish-feed.js';
import type { AccessUnit, PublishedStream } from './published-stream.js';
import { RtpTrack } from './rtp-track.js';
import { streamSdp, TRACK_CONTROL } from './stream-sdp.js';
import type { RtspResponse } from './wire/message.js';
import { resolveControl } from './wire/sdp.js';
import { parseSession } from './wire/session.js';
import { type PortPair, parseTransports } from './wire/transport.js';

/** Between sender reports (RFC 3550, 6.2). */
const REPORT_INTERVAL_MS = 5_000;
/** Unquoted and in small letters, unlike RFC 2326's example: ffmpeg as a server reads nothing else, and the others both. */
const WANTED_TRANSPORT = 'RTP/AVP/TCP;unicast;interleaved=0-1;mode=record';
const WANTED_CHANNELS: PortPair = [0, 1];

export interface PublishSessionOptions {
  readonly address: SourceAddress;
  readonly stream: PublishedStream;
  readonly tls: TlsOptions;
  readonly timeouts: ClientTimeouts;
  readonly maxBacklogBytes?: number;
  /** Once, and not after {@link PublishSession.close}: why it can go on no more. */
  onFailure(error: RtspClientError): void;
}

/** One session of publishing (RFC 2326: ANNOUNCE, SETUP, RECORD), over TCP: from the connection to its loss. */
export class PublishSession {
  unitsSent = 0;
  bytesSent = 0;
  private readonly connection: RtspConnection;
  private readonly feed: PublishFeed;
  private readonly timers: NodeJS.Timeout[] = [];
  private track: RtpTrack | null = null;
  private channels = WANTED_CHANNELS;
  private sessionId: string | null = null;
  private ended = false;

  constructor(private readonly options: PublishSessionOptions) {
    const { address, tls, timeouts, stream, maxBacklogBytes } = options;
    const { connectMs, responseMs } = timeouts;
    this.connection = new RtspConnection({
      ...{ address, tls, connectMs, responseMs },
      onInterleaved: () => {}, // receiver reports: what the server lost, it lost
      onFailure: (error) => this.fail(error),
    });
    const { connection } = this;
    const target = {
      get unsentBytes() {
        return connection.unsentBytes;
      },
      send: (unit: AccessUnit) => this.send(unit),
      flush: (done: () => void) => connection.flush(done),
      end: () => {
        this.fail(new RtspClientError('source-stalled', `${address.url} has stopped taking the stream`));
        connection.close(); // also where it says goodbye already
      },
    };
    this.feed = new PublishFeed(stream, target, maxBacklogBytes);
  }

  /** Units left out because the server did not take them in time. */
  get unitsDropped(): number {
    return this.feed.dropped;
  }

  /**
   * Resolves when the server records.
   * @throws RtspClientError where it does not
   */
  async start(): Promise<void> {
    const { address, stream } = this.options;
    const { url } = address;
    await this.connection.connected;
    const description = await stream.describe();
    const sdp = Buffer.from(streamSdp(stream.id, description));
    await this.request('ANNOUNCE', url, { 'Content-Type': 'application/sdp' }, sdp);
    const setup = await this.request('SETUP', resolveControl(url, TRACK_CONTROL), { Transport: WANTED_TRANSPORT });
    const session = parseSession(setup.headers.get('Session'));
    if (!session) throw new RtspClientError('source-lost', `${url} answered SETUP without a session`);
    this.sessionId = session.id;
    this.channels = parseTransports(setup.headers.get('Transport') ?? '')[0]?.interleaved ?? WANTED_CHANNELS;
    await this.request('RECORD', url, { Session: session.id, Range: 'npt=0.000-' });
    if (this.ended) return;
    this.track = new RtpTrack(description.codec);
    this.every(REPORT_INTERVAL_MS, () => this.report());
    this.every((session.timeoutS * 1000) / 2, () => this.keepAlive());
    this.feed.start();
  }

  /** Says goodbye, as far as there is time for it, and ends. */
  async close(): Promise<void> {
    if (this.ended) return;
    this.stop();
    const { connection, sessionId, track } = this;
    if (sessionId !== null) {
      if (track) connection.sendInterleaved(this.channels[1], track.goodbye());
      const goodbye = connection
        .request('TEARDOWN', this.options.address.url, { Session: sessionId })
        .catch(() => undefined);
      await Promise.race([goodbye, delay(this.options.timeouts.teardownMs, undefined, { ref: false })]);
    }
    connection.close();
  }

  private send(unit: AccessUnit): void {
    const batch = this.track!.batch(unit);
    if (!batch) return;
    this.connection.sendFramed(batch.interleaved(this.channels[0]));
    if (this.unitsSent === 0) this.report();
    this.unitsSent++;
    this.bytesSent += batch.bytes + batch.packets * INTERLEAVED_HEADER_BYTES;
  }

  private report(): void {
    const report = this.track?.senderReport();
    if (report) this.connection.sendInterleaved(this.channels[1], report);
  }

  private keepAlive(): void {
    const { url } = this.options.address;
    this.connection.request('GET_PARAMETER', url, { Session: this.sessionId! }).then(
      ({ status }) => {
        if (status === 454) this.fail(new RtspClientError('source-lost', `${url} has forgotten the session`));
      },
      // Some servers answer nothing while they record (ffmpeg); whether they take the stream is what counts.
      () => {},
    );
  }

  /** @throws RtspClientError where the server says no */
  private async request(
    method: string,
    url: string,
    headers: Record<string, string>,
    body?: Buffer,
  ): Promise<RtspResponse> {
    const response = await this.connection.request(method, url, headers, body);
    if (response.status === 200) return response;
    const { authenticator } = this.connection;
    const cure = response.status === 401 && !authenticator.hasCredentials ? '; give a user name and a password' : '';
    const said = `${url} refused ${method} (${quoteStatus(response)})${cure}`;
    throw new RtspClientError(response.status >= 500 ? 'source-lost' : 'source-refused', said);
  }

  private every(ms: number, act: () => void): void {
    this.timers.push(setInterval(act, ms));
  }

  private fail(error: RtspClientError): void {
    if (this.ended) return;
    this.stop();
    this.connection.close();
    this.options.onFailure(error);
  }

  private stop(): void {
    this.ended = true;
    for (const timer of this.timers) clearInterval(timer);
    this.feed.close();
  }
}
