import { VeilgateError } from '../errors.js';
import type { TlsOptions } from './client-connection.js';
import { type ClientTimeouts, DEFAULT_TIMEOUTS } from './client-timeouts.js';
import { parseSourceUrl, redactUrls, type SourceAddress } from './client-url.js';
import { type Logger, SILENT_LOGGER } from './logger.js';
import { publishDelay } from './publish-delay.js';
import { PublishSession } from './publish-session.js';
import type { PublishedStream } from './published-stream.js';

/** A session that lasted so long, ms, was sound: its end counts as the first failure. */
export const SOUND_SESSION_MS = 10_000;

export interface RtspPublisherOptions {
  /** Where to publish: `rtsp://user:password@host:port/path`, or `rtsps://`. */
  readonly url: string;
  readonly stream: PublishedStream;
  readonly logger?: Logger;
  /** For `rtsps://`; where nothing is said, the certificate is checked against the system's authorities. */
  readonly tls?: TlsOptions;
  readonly timeouts?: Partial<ClientTimeouts>;
  /** Bytes that may wait for the server before units are left out. */
  readonly maxBacklogBytes?: number;
  /** In [0, 1): spreads the attempts of many publishers. */
  readonly random?: () => number;
  /** Calls back after so many milliseconds; returns how to call that off. */
  readonly schedule?: (act: () => void, ms: number) => () => void;
  /** Milliseconds on a clock that never steps back. */
  readonly now?: () => number;
}

export interface RtspPublisherStats {
  readonly state: 'idle' | 'connecting' | 'recording' | 'waiting' | 'closed';
  readonly unitsSent: number;
  /** Units left out because the server did not take them in time. */
  readonly unitsDropped: number;
  readonly bytesSent: number;
  /** Attempts that failed and sessions that were lost. */
  readonly failures: number;
}

const startTimer = (act: () => void, ms: number): (() => void) => {
  const timer = setTimeout(act, ms);
  return () => clearTimeout(timer);
};

/**
 * Pushes one stream to a media server that the site already has, for as long as it is not closed: whatever ends a session, another
 * follows after a jittered pause, beginning with a keyframe. It watches the stream like any client.
 */
export class RtspPublisher {
  private readonly address: SourceAddress;
  private readonly logger: Logger;
  private readonly schedule: (act: () => void, ms: number) => () => void;
  private readonly now: () => number;
  private state: RtspPublisherStats['state'] = 'idle';
  private session: PublishSession | null = null;
  private cancelRetry: (() => void) | null = null;
  private recordingSince = 0;
  /** In a row. */
  private failures = 0;
  /** The failure that was last told, so that a server that is down for a night is one line and not a thousand. */
  private toldFailure = '';
  /** Of sessions that are over. */
  private readonly totals = { unitsSent: 0, unitsDropped: 0, bytesSent: 0, failures: 0 };

  /** @throws VeilgateError `publish-url` where the URL is none to publish to */
  constructor(private readonly options: RtspPublisherOptions) {
    const address = parseSourceUrl(options.url);
    if (!address) {
      const message = `publish: ${redactUrls(options.url)} is no rtsp:// or rtsps:// URL; write rtsp://host:8554/path.`;
      throw new VeilgateError('publish-url', message);
    }
    this.address = address;
    this.logger = options.logger ?? SILENT_LOGGER;
    this.schedule = options.schedule ?? startTimer;
    this.now = options.now ?? performance.now.bind(performance);
  }

  start(): void {
    if (this.state === 'idle') this.connect();
  }

  stats(): RtspPublisherStats {
    const { unitsSent = 0, unitsDropped = 0, bytesSent = 0 } = this.session ?? {};
    const { totals } = this;
    return {
      state: this.state,
      unitsSent: totals.unitsSent + unitsSent,
      unitsDropped: totals.unitsDropped + unitsDropped,
      bytesSent: totals.bytesSent + bytesSent,
      failures: totals.failures,
    };
  }

  /** Says goodbye to the server and ends for good. */
  async close(): Promise<void> {
    this.state = 'closed';
    this.cancelRetry?.();
    const { session } = this;
    this.retire();
    await session?.close();
  }

  private connect(): void {
    const { stream, tls, timeouts, maxBacklogBytes } = this.options;
    this.state = 'connecting';
    const session = new PublishSession({
      address: this.address,
      stream,
      tls: tls ?? { rejectUnauthorized: true },
      timeouts: { ...DEFAULT_TIMEOUTS, ...timeouts },
      ...(maxBacklogBytes === undefined ? {} : { maxBacklogBytes }),
      onFailure: (error) => this.lost(session, error),
    });
    this.session = session;
    session.start().then(
      () => this.recording(session),
      (error: unknown) => this.lost(session, error),
    );
  }

  private recording(session: PublishSession): void {
    if (session !== this.session) return;
    this.state = 'recording';
    this.recordingSince = this.now();
    this.toldFailure = '';
    this.logger.info({ stream: this.options.stream.id, server: this.address.url }, 'publishing');
  }

  private lost(session: PublishSession, error: unknown): void {
    if (session !== this.session) return;
    const sound = this.state === 'recording' && this.now() - this.recordingSince >= SOUND_SESSION_MS;
    this.failures = sound ? 1 : this.failures + 1;
    this.totals.failures++;
    this.retire();
    void session.close();
    this.state = 'waiting';
    const pauseMs = publishDelay(this.failures, (this.options.random ?? Math.random)());
    this.tell(redactUrls(error instanceof Error ? error.message : String(error)), pauseMs);
    this.cancelRetry = this.schedule(() => this.connect(), pauseMs);
  }

  private tell(reason: string, pauseMs: number): void {
    const fields = { stream: this.options.stream.id, server: this.address.url, reason, pauseMs };
    if (reason === this.toldFailure) this.logger.debug(fields, 'publishing failed again');
    else this.logger.warn(fields, 'publishing failed');
    this.toldFailure = reason;
  }

  private retire(): void {
    const { session, totals } = this;
    if (!session) return;
    totals.unitsSent += session.unitsSent;
    totals.unitsDropped += session.unitsDropped;
    totals.bytesSent += session.bytesSent;
    this.session = null;
  }
}
