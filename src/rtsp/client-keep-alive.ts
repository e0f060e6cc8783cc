import { RtspClientError } from './client-error.js';
import type { SourceOffer } from './client-offer.js';
import type { Session } from './wire/session.js';

/** Bounds of half a session's timeout: not a flood, and no timer beyond what cameras mean. */
const MIN_KEEP_ALIVE_S = 1;
const MAX_KEEP_ALIVE_S = 60;

/** Tells a server at half its session timeout that the session is still wanted (RFC 2326, 10.8 and 12.37). */
export class KeepAlive {
  /** How often to send. */
  readonly intervalMs: number;
  private method: 'GET_PARAMETER' | 'OPTIONS';
  private waiting = false;

  /** @param url of the session. */
  constructor(
    private readonly offer: SourceOffer,
    private readonly session: Session,
    private readonly url: string,
  ) {
    this.intervalMs = 1000 * Math.min(Math.max(session.timeoutS / 2, MIN_KEEP_ALIVE_S), MAX_KEEP_ALIVE_S);
    this.method = offer.methods.has('GET_PARAMETER') ? 'GET_PARAMETER' : 'OPTIONS';
  }

  /**
   * Sends one, unless the last one still waits for its answer. No answer at all is nothing: some cameras give none while they stream, and
   * whether pictures come is what counts.
   * @param onLost where the server has forgotten the session.
   */
  send(onLost: (error: RtspClientError) => void): void {
    if (this.waiting) return;
    this.waiting = true;
    this.offer.connection
      .request(this.method, this.url, { Session: this.session.id })
      .then(
        ({ status }) => {
          if (status === 454) onLost(new RtspClientError('source-lost', `${this.url} has forgotten the session`));
          else if (status >= 400) this.method = 'OPTIONS';
        },
        () => undefined,
      )
      .finally(() => {
        this.waiting = false;
      });
  }
}
