/** A book over a real store, with a clock that the test moves and a journal that it reads. */
import type { EvidencePicture, Finding } from '../../rules/finding.js';
import { PACKS } from '../../rules/packs.js';
import { applyRules } from '../../rules/rule.js';
import type { AuditEvent } from '../log/event.js';
import type { Store } from '../store/store.js';
import { AlertBook, type AlertNews, type Sighting } from './alert-book.js';

export const START = Date.UTC(2026, 2, 1, 8);

export const finding = (changes: Partial<Finding> = {}): Finding => ({
  camera: 'lobby',
  kind: 'view-moved',
  cause: '',
  at: START,
  detail: 'The camera looks elsewhere.',
  ...changes,
});

export const sighting = (changes: Partial<Finding> = {}, picture: EvidencePicture | null = null): Sighting => {
  const found = finding(changes);
  const consequence = applyRules(PACKS['cn-2012'], found, { unit: 'company' });
  return { finding: found, consequence, picture, occurrences: 1, lastAt: found.at };
};

export class BookOnTrial {
  readonly journal: AuditEvent[] = [];
  readonly news: AlertNews[] = [];
  /** What the journal throws next. */
  journalFailure: Error | null = null;
  /** Why nobody can be told now. */
  beginFailure: Error | null = null;
  now = START;
  readonly book: AlertBook;

  constructor(store: Store) {
    this.book = new AlertBook({
      store,
      now: () => this.now,
      begin: async () => {
        if (this.beginFailure) throw this.beginFailure;
      },
      news: (news) => this.news.push(news),
      journal: {
        note: (event) => void this.journal.push(event),
        record: async (event) => {
          if (this.journalFailure) throw this.journalFailure;
          this.journal.push(event);
        },
      },
    });
  }
}
