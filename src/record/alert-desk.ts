import type { AlertsConfig, NotifyConfig, RetentionConfig, RulePack, UnitType } from '../config/site.js';
import type { Logger } from '../rtsp/logger.js';
import type { EvidencePicture, Finding, FindingSink } from '../rules/finding.js';
import { PACKS } from '../rules/packs.js';
import { applyRules } from '../rules/rule.js';
import { AlertBook } from './alerts/alert-book.js';
import { AlertFeed } from './alerts/alert-feed.js';
import { FindingIntake } from './alerts/finding-intake.js';
import { purge } from './alerts/purge.js';
import type { Journal } from './journal.js';
import type { CameraState } from './notify/mqtt-link.js';
import { type Notifications, startNotifications } from './notify/notifications.js';
import { noteReceivers } from './notify/receivers.js';
import type { Store } from './store/store.js';

/** The timers of alerts are looked at this often, ms: they are set in minutes. */
const LATE_EVERY_MS = 15_000;
const MINUTE_MS = 60_000;
/** What was kept long enough is deleted this often, ms: its time is counted in days. */
const PURGE_EVERY_MS = 60 * MINUTE_MS;

/** What of the site file matters here. */
export interface DeskConfig {
  readonly site: { readonly name: string; readonly rules: RulePack };
  readonly alerts: AlertsConfig;
  readonly retention: RetentionConfig;
  readonly notify: NotifyConfig;
}

export interface DeskOptions {
  readonly store: Store;
  readonly journal: Journal;
  readonly logger: Logger;
  readonly redact: (text: string) => string;
  /** Of the gateway: what it can show of a finding, and who answers for a camera. */
  readonly picture: (finding: Finding) => Promise<EvidencePicture | null>;
  readonly unitOf: (camera: string) => UnitType;
  /** Whether nothing may be deleted now: officers are here. */
  readonly isHeld: () => Promise<boolean>;
}

/**
 * Where findings become alerts, and alerts reach people: the one place that knows the rules, the store, the timers and the receivers.
 * Nothing of it can hold up or end the gateway: a store that is gone is waited for.
 */
export class AlertDesk {
  readonly book: AlertBook;
  readonly feed = new AlertFeed();
  readonly findings: FindingSink;
  readonly #intake: FindingIntake;
  readonly #states = new Map<string, CameraState>();
  readonly #options: DeskOptions;
  #config: DeskConfig;
  #notifications: Notifications;
  #purging: Promise<void> = Promise.resolve();
  /** Whether the log says who is told. */
  #areNoted = false;
  #closed = false;
  readonly #timers: readonly NodeJS.Timeout[];

  constructor(config: DeskConfig, options: DeskOptions) {
    const { store, journal, logger, picture, unitOf, redact } = options;
    this.#config = config;
    this.#options = options;
    this.book = new AlertBook({
      store,
      journal,
      now: Date.now,
      begin: () => this.#notifications.begin(),
      news: (news) => {
        this.feed.tell({ type: 'alert', ...news });
        if (news.event) this.#notifications.wake();
      },
    });
    this.#intake = new FindingIntake({
      book: this.book,
      journal,
      logger,
      consequence: (finding) => applyRules(PACKS[this.#config.site.rules], finding, { unit: unitOf(finding.camera) }),
      picture,
    });
    this.findings = {
      accept: (finding) => this.#intake.accept({ ...finding, detail: redact(finding.detail) }),
    };
    this.#notifications = this.#notify();
    this.#timers = [
      setInterval(() => void this.#lookThrough(), LATE_EVERY_MS).unref(),
      setInterval(() => void this.#purge(), PURGE_EVERY_MS).unref(),
    ];
    void this.#purge();
    void this.#noteReceivers();
  }

  /** Matters that were found and wait in memory for the store. */
  get waiting(): number {
    return this.#intake.waiting;
  }

  /** Another site file is in force. */
  async apply(config: DeskConfig): Promise<void> {
    this.#config = config;
    await this.#notifications.close();
    this.#notifications = this.#notify();
    this.#areNoted = false;
    await this.#noteReceivers();
  }

  /** A camera's stream went to another state. */
  tellState(camera: string, state: string, reason: string | null): void {
    this.feed.tell({ type: 'camera', camera, state, reason, at: Date.now() });
    this.#states.set(camera, { state, reason });
    this.#notifications.tell(camera);
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    this.#closed = true;
    await this.#purging;
    await this.#intake.close();
    await this.#notifications.close();
  }

  #notify(): Notifications {
    const { store, logger } = this.#options;
    const { site, notify } = this.#config;
    return startNotifications(notify, { store, logger, book: this.book, site: site.name, states: this.#states });
  }

  /** One after the other: what was begun is ended before the store is closed. */
  #purge(): Promise<void> {
    this.#purging = this.#purging.then(async () => {
      const { store, journal, logger, isHeld } = this.#options;
      try {
        if (this.#closed || (await isHeld())) return;
        const told = await this.#notifications.toldUpTo();
        const purged = await purge({ store, journal, now: Date.now(), retention: this.#config.retention, told });
        if (purged.alerts + purged.pictures > 0) logger.info({ ...purged }, 'records deleted, as their time was over');
      } catch (error) {
        logger.warn({ error: String(error) }, 'records whose time is over could not be deleted');
      }
    });
    return this.#purging;
  }

  async #lookThrough(): Promise<void> {
    await this.#markLate();
    await this.#noteReceivers();
  }

  /** Says once who is not told any more; where it cannot be recorded now, it is tried again. */
  async #noteReceivers(): Promise<void> {
    if (this.#areNoted || this.#closed) return;
    this.#areNoted = true;
    try {
      await noteReceivers(this.#options, this.#notifications.receivers, Date.now());
    } catch (error) {
      this.#areNoted = false;
      this.#options.logger.warn({ error: String(error) }, 'who is told of alerts could not be recorded');
    }
  }

  async #markLate(): Promise<void> {
    const { escalateAfter, reportWithin } = this.#config.alerts;
    try {
      await this.book.markLate({ escalateAfter: escalateAfter * MINUTE_MS, reportWithin: reportWithin * MINUTE_MS });
    } catch (error) {
      this.#options.logger.warn({ error: String(error) }, 'alerts could not be looked through');
    }
  }
}
