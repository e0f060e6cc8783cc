import type { AlertFilter } from '../../src/record/alerts/alert.js';
import { alertId } from '../../src/record/alerts/alert-id.js';
import { ALERT_STATES, isOpen } from '../../src/record/alerts/life.js';
import type { AlertClassRow, AlertRow } from '../../src/record/store/alert-tables.js';
import { FINDING_KINDS } from '../../src/rules/finding.js';
import { PACKS } from '../../src/rules/packs.js';
import { SEVERITIES } from '../../src/rules/severity.js';

/** What the list can be narrowed to, but time. */
export const FACETS = ['camera', 'state', 'kind', 'severity', 'article', 'open'] as const;
type Facet = (typeof FACETS)[number];

const CAMERAS = 100;
/** Of the alerts, the share of one camera that is worse than the others. */
const WORST_CAMERA = 0.3;
const START = Date.UTC(2020, 0, 1);
/** One alert every three minutes: a million are six years. */
const EVERY_MS = 180_000;
const MONTH_MS = 30 * 86_400_000;
const ARTICLES = [4, 14, 15, 16, 21, 22, 24, 33] as const;

/** The alerts of a site that works through them: one in a hundred is still open. The same at each run. */
export class AlertPopulation {
  readonly #total: number;
  #seed = 42;

  constructor(total: number) {
    this.#total = total;
  }

  /** Every class that one of its alerts may have. */
  classes(): AlertClassRow[] {
    return FINDING_KINDS.map((kind) => {
      const { severity, article } = PACKS['cn-2012'][kind];
      return { kind, severity, article };
    });
  }

  rows(from: number, count: number): AlertRow[] {
    return Array.from({ length: count }, (_, i) => this.#row(from + i));
  }

  /** A filter by some facets: that of an alert, or of any values, which may exclude each other. */
  filter(facets: readonly Facet[], values: 'of an alert' | 'any'): AlertFilter {
    const { camera, state, kind, severity, article, open } = this.#row(0);
    const all =
      values === 'of an alert'
        ? { camera, state, kind, severity, article, open: open === 1 }
        : {
            camera: this.#camera(),
            state: this.#pick(ALERT_STATES),
            kind: this.#pick(FINDING_KINDS),
            severity: this.#pick(SEVERITIES),
            article: this.#pick(ARTICLES),
            open: this.#random() < 0.5,
          };
    return Object.fromEntries(facets.map((facet) => [facet, all[facet]]));
  }

  month(): Pick<AlertFilter, 'from' | 'until'> {
    const from = START + Math.floor(this.#random() * this.#total) * EVERY_MS;
    return { from, until: from + MONTH_MS };
  }

  /** Where a page may begin. */
  anyId(): string {
    return this.#idAt(Math.floor(this.#random() * this.#total));
  }

  #row(n: number): AlertRow {
    const kind = this.#pick(FINDING_KINDS);
    const { law, article, penalty, severity, action } = PACKS['cn-2012'][kind];
    const fate = this.#random();
    const state =
      fate < 0.01
        ? this.#pick(['new', 'acknowledged', 'confirmed', 'reported'] as const)
        : fate < 0.3
          ? 'dismissed'
          : 'closed';
    const at = START + n * EVERY_MS;
    return {
      id: this.#idAt(n),
      camera: this.#camera(),
      kind,
      cause: String(n),
      zone: null,
      detail: 'The camera does not look where its zones were drawn.',
      law,
      article,
      penalty: penalty?.article ?? null,
      severity,
      action,
      state,
      open: isOpen(state) ? 1 : 0,
      first_at: at,
      last_at: at + 1000,
      occurrences: 1 + Math.floor(this.#random() * 20),
      evidence: null,
      since: at,
      escalated_at: null,
      overdue_at: null,
    };
  }

  #camera(): string {
    return this.#random() < WORST_CAMERA ? 'camera-0' : `camera-${Math.floor(this.#random() * CAMERAS)}`;
  }

  #idAt(n: number): string {
    const bytes = Uint8Array.from({ length: 16 }, () => Math.floor(this.#random() * 256));
    return alertId(START + n * EVERY_MS, bytes);
  }

  #random(): number {
    this.#seed = (Math.imul(this.#seed, 1664525) + 1013904223) >>> 0;
    return this.#seed / 2 ** 32;
  }

  #pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.#random() * list.length)]!;
  }
}
