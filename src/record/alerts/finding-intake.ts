import type { Logger } from '../../rtsp/logger.js';
import type { EvidencePicture, Finding, FindingSink } from '../../rules/finding.js';
import type { Consequence } from '../../rules/rule.js';
import type { Journal } from '../journal.js';
import type { AlertBook, Sighting } from './alert-book.js';
import { SYSTEM_ACTOR } from './alert-book.js';

/** Matters that may wait for the store at the same time; a gateway of 256 cameras has some four each. */
export const MAX_WAITING = 2000;

/** While the store cannot be reached it is tried again after these, ms. */
const RETRY_MS = [250, 1000, 2000, 5000];

export interface IntakeOptions {
  readonly book: Pick<AlertBook, 'raise' | 'attach'>;
  readonly journal: Pick<Journal, 'note'>;
  readonly logger: Logger;
  /** What the rules say of it, as the site file is now. */
  readonly consequence: (finding: Finding) => Consequence;
  /** A masked picture of what is found, or null where none may be made. */
  readonly picture: (finding: Finding) => Promise<EvidencePicture | null>;
}

type Waiting = { -readonly [K in keyof Sighting]: Sighting[K] } & { told: boolean };

/**
 * Takes findings from wherever they are made, and brings them into the alerts. What comes while the store cannot be reached waits in
 * memory, counted together by camera, kind and cause, and is in the audit log meanwhile.
 */
export class FindingIntake implements FindingSink {
  readonly #options: IntakeOptions;
  readonly #waiting = new Map<string, Waiting>();
  /** Alerts whose picture is being taken. */
  readonly #illustrating = new Set<string>();
  #working: Promise<void> | null = null;
  #failures = 0;
  #retry: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(options: IntakeOptions) {
    this.#options = options;
  }

  accept(finding: Finding): void {
    if (this.#closed) return;
    const key = JSON.stringify([finding.camera, finding.kind, finding.cause]);
    const known = this.#waiting.get(key);
    if (known) {
      known.occurrences++;
      known.lastAt = Math.max(known.lastAt, finding.at);
      return;
    }
    const { logger, consequence } = this.#options;
    const { camera, kind, cause, at } = finding;
    if (this.#waiting.size >= MAX_WAITING) {
      logger.warn({ camera, kind, cause }, 'finding dropped: too many wait for the store');
      this.#note(finding, consequence(finding), null);
      return;
    }
    logger.info({ camera, kind, cause, detail: finding.detail }, 'found');
    this.#waiting.set(key, {
      finding,
      consequence: consequence(finding),
      picture: finding.evidence ?? null,
      occurrences: 1,
      lastAt: at,
      told: false,
    });
    if (!this.#retry) this.#work();
  }

  /** Matters that wait for the store. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Resolves when nothing waits, or when what waits cannot be kept now. */
  async settled(): Promise<void> {
    await this.#working;
  }

  /** Keeps what can be kept, and takes nothing more. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#retry) clearTimeout(this.#retry);
    this.#retry = null;
    await this.#working;
  }

  #work(): void {
    this.#working ??= this.#drain().finally(() => {
      this.#working = null;
      if (this.#waiting.size > 0 && !this.#closed && !this.#retry) this.#later();
    });
  }

  async #drain(): Promise<void> {
    for (const [key, waiting] of this.#waiting) {
      // What comes from now on is another sighting.
      this.#waiting.delete(key);
      try {
        const { alert, event } = await this.#options.book.raise(waiting);
        this.#failures = 0;
        if (alert.evidence === null) void this.#illustrate(alert.id, waiting.finding);
        if (event && !waiting.told) this.#note(waiting.finding, waiting.consequence, alert.id);
      } catch (error) {
        this.#putBack(key, waiting);
        this.#failures++;
        this.#options.logger.warn({ waiting: this.#waiting.size, error: String(error) }, 'findings wait for the store');
        if (!waiting.told) this.#note(waiting.finding, waiting.consequence, null);
        waiting.told = true;
        return;
      }
    }
  }

  /** A picture may take a while to come; the alert does not wait for it. */
  async #illustrate(id: string, finding: Finding): Promise<void> {
    if (this.#illustrating.has(id)) return;
    this.#illustrating.add(id);
    try {
      const picture = await this.#options.picture(finding);
      if (picture && !this.#closed) await this.#options.book.attach(id, picture);
    } catch (error) {
      this.#options.logger.warn({ alert: id, error: String(error) }, 'no picture of what was found');
    } finally {
      this.#illustrating.delete(id);
    }
  }

  #putBack(key: string, waiting: Waiting): void {
    const newer = this.#waiting.get(key);
    if (newer) {
      waiting.occurrences += newer.occurrences;
      waiting.lastAt = Math.max(waiting.lastAt, newer.lastAt);
    }
    this.#waiting.set(key, waiting);
  }

  #later(): void {
    const delay = RETRY_MS[Math.min(Math.max(this.#failures - 1, 0), RETRY_MS.length - 1)]!;
    this.#retry = setTimeout(
      () => {
        this.#retry = null;
        this.#work();
      },
      this.#failures === 0 ? 0 : delay,
    );
    this.#retry.unref();
  }

  #note({ camera, kind, cause }: Finding, { law, article, severity }: Consequence, alert: string | null): void {
    const data = { finding: kind, cause, law, article, severity, alert };
    this.#options.journal.note({ kind: 'finding', actor: SYSTEM_ACTOR, camera, data });
  }
}
