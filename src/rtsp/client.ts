import { setTimeout as delay } from 'node:timers/promises';
import type { RtspConnection } from './client-connection.js';
import { RtspClientError } from './client-error.js';
import { KeepAlive } from './client-keep-alive.js';
import { requestOffer, requireSuccess, type SourceOffer } from './client-offer.js';
import { type ReceivedPicture, type ReceiverCounters, TrackReceiver } from './client-receiver.js';
import type { TlsOptions } from './client-socket.js';
import { type ClientTimeouts, DEFAULT_TIMEOUTS } from './client-timeouts.js';
import { type SelectedVideo, selectVideo, type VideoTrack } from './client-track.js';
import { UdpReceiver } from './client-udp.js';
import { parseSourceUrl, redactUrls, type SourceAddress } from './client-url.js';
import { NO_REORDERING, UDP_REORDERING } from './payload/reorder.js';
import type { RtspResponse } from './wire/message.js';
import { resolveControl } from './wire/sdp.js';
import { parseSession, type Session } from './wire/session.js';
import { formatTransport, type PortPair, parseTransports, type Transport } from './wire/transport.js';

export { RtspClientError, type RtspClientErrorCode } from './client-error.js';
export type { ReceivedPicture } from './client-receiver.js';
export type { VideoTrack } from './client-track.js';

export interface RtspClientOptions {
  /** `rtsp://user:password@host:port/path`, or `rtsps://`. */
  readonly url: string;
  /** `auto`: TCP, and UDP where the source refuses TCP (461). */
  readonly transport: 'tcp' | 'udp' | 'auto';
  /** For `rtsps://`; where nothing is said, the certificate is checked against the system's authorities. */
  readonly tls?: TlsOptions;
  readonly timeouts?: Partial<ClientTimeouts>;
  /** Once, before the first picture. */
  onTrack(track: VideoTrack): void;
  /** Each picture, synchronously with the arrival of its last packet. */
  onPicture(picture: ReceivedPicture): void;
  /** Once, and nothing after it: null after {@link RtspClient.close}, else why there will be no more pictures. */
  onEnd(error: RtspClientError | null): void;
}

/** Between reports over UDP; RFC 3550, 6.2: the smallest interval. */
const REPORT_INTERVAL_MS = 5_000;
/** How often it is looked whether pictures still come. */
const WATCH_INTERVAL_MS = 250;
/** A look that comes later than this tells that this process was stopped or busy, not that the source was silent. */
const LATE_LOOK_MS = 4 * WATCH_INTERVAL_MS;
/** The channels asked for; the server may give others. */
const CHANNELS: PortPair = [0, 1];

/**
 * Pulls the video of one RTSP source: the first media that can be decoded and nothing else (audio, data and metadata are never set
 * up). Runs until it is closed or the source fails; it does not reconnect.
 *
 * ```ts
 * const client = new RtspClient({ url, transport: 'auto', onTrack, onPicture, onEnd });
 * client.start();
 * await client.close();
 * ```
 */
export class RtspClient {
  private readonly timeouts: ClientTimeouts;
  private connection: RtspConnection | null = null;
  private receiver: TrackReceiver | null = null;
  private udp: UdpReceiver | null = null;
  /** TCP: where RTP and RTCP come. */
  private channels: PortPair | null = null;
  private session: { readonly url: string; readonly id: string } | null = null;
  private readonly timers: NodeJS.Timeout[] = [];
  private reorderTimer: NodeJS.Timeout | null = null;
  private lastPictureMs = 0;
  private hasPicture = false;
  private state: 'new' | 'running' | 'closing' | 'ended' = 'new';

  constructor(private readonly options: RtspClientOptions) {
    this.timeouts = { ...DEFAULT_TIMEOUTS, ...options.timeouts };
  }

  /** What came and what did not, so far; null before the track is known. */
  get counters(): ReceiverCounters | null {
    return this.receiver?.counters ?? null;
  }

  /** Begins. All that happens is told through the callbacks. */
  start(): void {
    if (this.state !== 'new') return;
    this.state = 'running';
    this.run().catch((error: unknown) => this.end(toClientError(error, this.options.url)));
  }

  /** Says goodbye to the source and ends; resolves after `onEnd`. */
  async close(): Promise<void> {
    if (this.state === 'running' && this.session && this.connection) {
      this.state = 'closing';
      const { url, id } = this.session;
      const goodbye = this.connection.request('TEARDOWN', url, { Session: id }).catch(() => undefined);
      await Promise.race([goodbye, delay(this.timeouts.teardownMs, undefined, { ref: false })]);
    }
    this.end(null);
  }

  private async run(): Promise<void> {
    const address = parseSourceUrl(this.options.url);
    if (!address) throw new RtspClientError('source-unsupported', 'the source is no rtsp:// or rtsps:// URL');
    const offer = await this.requestOffer(address);
    const video = selectVideo(offer.description, offer.baseUrl);
    if (typeof video === 'string') {
      throw new RtspClientError('source-unsupported', `${offer.address.url} ${video}`);
    }
    const session = await this.setUp(offer, video);
    const playUrl = resolveControl(offer.baseUrl, offer.description.control);
    if (this.state !== 'running') return;
    this.session = { url: playUrl, id: session.id };
    this.options.onTrack(video.track);
    const response = await offer.connection.request('PLAY', playUrl, { Session: session.id, Range: 'npt=0.000-' });
    requireSuccess(response, 'PLAY', playUrl, offer.connection);
    this.watch();
    const keepAlive = new KeepAlive(offer, session, playUrl);
    this.every(keepAlive.intervalMs, () => {
      this.reportInterleaved();
      keepAlive.send((error) => this.end(error));
    });
    this.every(REPORT_INTERVAL_MS, () => this.reportByUdp());
  }

  private requestOffer(address: SourceAddress): Promise<SourceOffer> {
    return requestOffer({
      address,
      tls: this.options.tls ?? { rejectUnauthorized: true },
      timeouts: this.timeouts,
      onConnection: (connection) => {
        this.connection = connection;
        if (this.state === 'ended') connection.close();
      },
      onInterleaved: (channel, payload) => this.interleaved(channel, payload),
      onFailure: (error) => this.end(error),
    });
  }

  private async setUp(offer: SourceOffer, video: SelectedVideo): Promise<Session> {
    const { transport } = this.options;
    if (transport !== 'udp') {
      const answer = await this.setUpTcp(offer, video);
      if (transport === 'tcp' || answer.status !== 461) return this.takeSession(answer, offer, video);
    }
    return this.takeSession(await this.setUpUdp(offer, video), offer, video);
  }

  private async setUpTcp({ connection }: SourceOffer, video: SelectedVideo): Promise<RtspResponse> {
    this.receiver = new TrackReceiver(video, NO_REORDERING, (picture) => this.picture(picture));
    const wanted: Transport = { protocol: 'tcp', delivery: 'unicast', interleaved: CHANNELS };
    // Frames may come with the answer: they are to be understood before it is looked at.
    this.channels = CHANNELS;
    const response = await connection.request('SETUP', video.controlUrl, { Transport: wantedTransport(video, wanted) });
    const given = parseTransports(response.headers.get('Transport') ?? '')[0];
    if (response.status === 200 && given?.protocol === 'udp') {
      throw new RtspClientError('source-unsupported', `${video.controlUrl} was asked for TCP and answers with UDP`);
    }
    this.channels = given?.interleaved ?? CHANNELS;
    connection.expectChannels(this.channels);
    return response;
  }

  private async setUpUdp({ connection }: SourceOffer, video: SelectedVideo): Promise<RtspResponse> {
    const receiver = new TrackReceiver(video, UDP_REORDERING, (picture) => this.picture(picture));
    this.receiver = receiver;
    this.channels = null;
    const { localAddress, remoteAddress } = connection;
    if (!localAddress || !remoteAddress) throw new RtspClientError('source-lost', `${video.controlUrl} was lost`);
    const udp = await UdpReceiver.open(localAddress, remoteAddress, {
      rtp: (packet, receivedAt) => {
        receiver.rtp(packet, receivedAt);
        this.askForKeyframe(receiver, receivedAt);
        if (receiver.isWaiting) this.waitForReordered(receiver);
      },
      rtcp: (packet, receivedAt) => this.control(receiver, packet, receivedAt),
      error: (error) => this.end(toClientError(error, video.controlUrl)),
    });
    this.udp = udp;
    if (this.state === 'ended') udp.close();
    const wanted: Transport = { protocol: 'udp', delivery: 'unicast', clientPort: udp.ports };
    const response = await connection.request('SETUP', video.controlUrl, { Transport: wantedTransport(video, wanted) });
    const given = parseTransports(response.headers.get('Transport') ?? '')[0];
    if (response.status === 200 && (given?.protocol === 'tcp' || given?.delivery === 'multicast')) {
      throw new RtspClientError(
        'source-unsupported',
        `${video.controlUrl} was asked for UDP unicast and answers otherwise`,
      );
    }
    if (given?.serverPort) udp.punch(given.serverPort);
    return response;
  }

  private takeSession(response: RtspResponse, { connection }: SourceOffer, video: SelectedVideo): Session {
    requireSuccess(response, 'SETUP', video.controlUrl, connection);
    const session = parseSession(response.headers.get('Session'));
    if (!session) throw new RtspClientError('source-lost', `${video.controlUrl} answered SETUP without a session`);
    return session;
  }

  private interleaved(channel: number, payload: Buffer): void {
    if (!this.channels || !this.receiver || !this.connection) return;
    if (channel === this.channels[0]) {
      this.receiver.rtp(payload, this.connection.receivedAt);
      this.askForKeyframe(this.receiver, this.connection.receivedAt);
    } else if (channel === this.channels[1]) this.control(this.receiver, payload, this.connection.receivedAt);
  }

  private control(receiver: TrackReceiver, packet: Buffer, receivedAt: bigint): void {
    if (receiver.rtcp(packet, receivedAt)) {
      this.end(new RtspClientError('source-lost', `${this.options.url} ended its stream`));
    }
  }

  /** Else the rest of the source's group of pictures is lost with a packet. */
  private askForKeyframe(receiver: TrackReceiver, now: bigint): void {
    const request = receiver.keyframeRequest(now);
    if (!request) return;
    if (this.channels) this.connection?.sendInterleaved(this.channels[1], request);
    else this.udp?.sendReport(request);
  }

  private picture(picture: ReceivedPicture): void {
    // Nothing before onTrack, even from a server that sends before it is asked to.
    if (this.state !== 'running' || !this.session) return;
    this.hasPicture = true;
    this.lastPictureMs = performance.now();
    this.options.onPicture(picture);
  }

  /** UDP: packets that wait for a missing one are not to wait for the next one as well. */
  private waitForReordered(receiver: TrackReceiver): void {
    this.reorderTimer ??= setTimeout(() => {
      this.reorderTimer = null;
      const now = process.hrtime.bigint();
      receiver.tick(now);
      this.askForKeyframe(receiver, now);
      if (receiver.isWaiting && this.state !== 'ended') this.waitForReordered(receiver);
    }, UDP_REORDERING.maxMs);
  }

  private watch(): void {
    this.lastPictureMs = performance.now();
    let lastLookMs = this.lastPictureMs;
    this.every(WATCH_INTERVAL_MS, () => {
      const now = performance.now();
      const limit = this.hasPicture ? this.timeouts.stallMs : this.timeouts.firstPictureMs;
      // What came meanwhile has not been read yet.
      if (now - lastLookMs > LATE_LOOK_MS) this.lastPictureMs = now;
      lastLookMs = now;
      if (now - this.lastPictureMs >= limit) this.end(this.stalled(limit));
    });
  }

  private stalled(limitMs: number): RtspClientError {
    const { packets, foreign } = this.receiver!.counters;
    let why = 'no RTP came';
    if (packets > 0) why = 'packets came, but no whole picture';
    else if (foreign > 0) why = 'what came is not the RTP that was agreed on';
    else if (this.udp) why = 'no RTP came; if a firewall stops UDP, use TCP';
    if (this.hasPicture) why = 'the source has stopped sending';
    return new RtspClientError('source-stalled', `${this.options.url} gave no picture for ${limitMs} ms: ${why}`);
  }

  private reportByUdp(): void {
    const report = this.udp && this.receiver?.report(process.hrtime.bigint());
    if (report) this.udp?.sendReport(report);
  }

  /**
   * Seldom, beside what must be sent anyhow: whoever sends into a connection has its next acknowledgements delayed by the kernel, and a
   * camera that waits for them (Nagle, RFC 1122, 4.2.3.2) holds the end of a picture back: 40 ms, with every report.
   */
  private reportInterleaved(): void {
    const report = this.channels && this.receiver?.report(process.hrtime.bigint());
    if (report) this.connection?.sendInterleaved(this.channels![1], report);
  }

  private every(ms: number, act: () => void): void {
    if (this.state !== 'ended') this.timers.push(setInterval(act, ms));
  }

  private end(error: RtspClientError | null): void {
    if (this.state === 'ended') return;
    // A source that fails while it is being left has been left.
    const reason = this.state === 'closing' ? null : error;
    this.state = 'ended';
    for (const timer of this.timers) clearInterval(timer);
    if (this.reorderTimer) clearTimeout(this.reorderTimer);
    this.udp?.close();
    this.connection?.close();
    this.options.onEnd(reason);
  }
}

/** Offered as RTP/AVPF, it is asked for as that, or else as what most servers call everything. */
const wantedTransport = ({ isAvpf }: SelectedVideo, wanted: Transport): string =>
  formatTransport(...(isAvpf ? [{ ...wanted, isAvpf }] : []), wanted);

const toClientError = (error: unknown, url: string): RtspClientError => {
  if (error instanceof RtspClientError) return error;
  const words = error instanceof Error ? error.message : String(error);
  return new RtspClientError('source-lost', `${redactUrls(url)} failed: ${words}`, { cause: error });
};
