import { VeilgateError } from '../../../errors.js';
import { MAX_NOTE_BYTES } from '../note/signed-note.js';
import type { Witness } from './witness.js';

/** Milliseconds that an answer may take: a witness is on a network, and nobody waits for it. */
const TIMEOUT_MS = 10_000;

/** Answers that say "I do not tell": the witness only listens. */
const SILENT_STATUSES: ReadonlySet<number> = new Set([204, 404, 405, 501]);

/**
 * Sends checkpoints to an address: `POST` with the signed note as `text/plain`, which proves by itself where it is from. Where the
 * address answers `GET` with the newest one, a log that was rolled back is found at the next start.
 */
export class WebhookWitness implements Witness {
  readonly name: string;
  readonly #url: URL;
  readonly #headers: Readonly<Record<string, string>>;

  /** A user and password in the address are sent as HTTP Basic credentials. */
  constructor(url: URL) {
    const { username, password } = url;
    const bare = new URL(url);
    bare.username = '';
    bare.password = '';
    const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    this.#url = bare;
    // What stands in a path or query of a webhook is often its secret.
    this.name = bare.origin;
    this.#headers = username ? { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` } : {};
  }

  async publish(checkpoint: string): Promise<void> {
    const headers = { ...this.#headers, 'content-type': 'text/plain; charset=utf-8' };
    const response = await this.#fetch({ method: 'POST', body: checkpoint, headers });
    await response.body?.cancel();
    if (!response.ok) throw this.#failed(`it answered ${response.status}`);
  }

  async latest(): Promise<string | null> {
    const response = await this.#fetch({ headers: this.#headers });
    if (response.ok && response.status !== 204) return this.#text(response);
    await response.body?.cancel();
    if (SILENT_STATUSES.has(response.status)) return null;
    throw this.#failed(`it answered ${response.status}`);
  }

  async #fetch(init: RequestInit): Promise<Response> {
    try {
      return await fetch(this.#url, { ...init, redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
    } catch (cause) {
      throw this.#failed(cause instanceof Error ? cause.message : String(cause), cause);
    }
  }

  async #text(response: Response): Promise<string> {
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of response.body ?? []) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > MAX_NOTE_BYTES) throw this.#failed('its answer is longer than any checkpoint');
    }
    return Buffer.concat(chunks).toString('utf8');
  }

  #failed(why: string, cause?: unknown): VeilgateError {
    return new VeilgateError('witness-unreachable', `The witness ${this.name} could not be reached: ${why}.`, {
      cause,
    });
  }
}
