import { expect, it } from 'vitest';
import { VeilgateError } from '../../errors.js';
import { SILENT_LOGGER } from '../../rtsp/logger.js';
import type { EvidencePicture } from '../../rules/finding.js';
import { PACKS } from '../../rules/packs.js';
import { applyRules } from '../../rules/rule.js';
import type { AuditEvent } from '../log/event.js';
import { sqliteTestStore } from '../store/store.fixture.js';
import { BookOnTrial, finding, START } from './alert-book.fixture.js';
import { FindingIntake, MAX_WAITING } from './finding-intake.js';

const picture: EvidencePicture = { jpeg: new Uint8Array([255, 216]), masked: 'whole' };

const makeIntake = (book: Pick<BookOnTrial['book'], 'raise' | 'attach'>) => {
  const journal: AuditEvent[] = [];
  const asked: string[] = [];
  const intake = new FindingIntake({
    book,
    journal: { note: (event) => void journal.push(event) },
    logger: SILENT_LOGGER,
    consequence: (found) => applyRules(PACKS['cn-2012'], found, { unit: 'company' }),
    picture: async ({ camera }) => {
      asked.push(camera);
      return picture;
    },
  });
  return { intake, journal, asked };
};

it('findings become alerts with a picture, and the opening is in the audit log', async () => {
  await using made = await sqliteTestStore();
  const { book } = new BookOnTrial(made.store);
  const { intake, journal, asked } = makeIntake(book);
  intake.accept(finding());
  intake.accept(finding({ at: START + 1 }));
  await intake.settled();
  await expect
    .poll(async () => (await book.list({}, { after: null, limit: 1 })).alerts[0]?.evidence ?? null)
    .not.toBe(null);
  intake.accept(finding({ at: START + 2, evidence: { jpeg: new Uint8Array([1]), masked: 'zones' } }));
  await intake.settled();
  const { alerts } = await book.list({}, { after: null, limit: 10 });
  expect(alerts).toMatchObject([{ occurrences: 3, lastAt: START + 2, firstAt: START }]);
  await expect.poll(async () => (await book.get(alerts[0]!.id)).alert.evidence).not.toBe(null);
  expect((await book.evidence(alerts[0]!.id)).masked).toBe('whole');
  expect(asked).toEqual(['lobby']);
  expect(journal).toMatchObject([
    { kind: 'finding', data: { finding: 'view-moved', alert: alerts[0]!.id, article: 24 } },
  ]);
});

it('findings wait for a store that is gone, are counted, and are in the audit log meanwhile', async () => {
  await using made = await sqliteTestStore();
  const { book } = new BookOnTrial(made.store);
  let gone = true;
  const { intake, journal } = makeIntake({
    attach: (id, picture) => book.attach(id, picture),
    raise: (sighting) =>
      gone ? Promise.reject(new VeilgateError('store-unavailable', 'Gone.')) : book.raise(sighting),
  });
  for (let n = 0; n < 5; n++) intake.accept(finding({ at: START + n }));
  intake.accept(finding({ camera: 'yard' }));
  await intake.settled();
  intake.accept(finding({ at: START + 9 }));
  expect(journal).toMatchObject([{ camera: 'lobby', data: { alert: null } }]);
  gone = false;
  const list = async () =>
    (await book.list({}, { after: null, limit: 10 })).alerts
      .map(({ camera, occurrences }) => [camera, occurrences])
      .sort();
  await expect.poll(list, { timeout: 5000 }).toEqual([
    ['lobby', 6],
    ['yard', 1],
  ]);
  await intake.close();
});

it('a flood while the store is gone is bounded', async () => {
  const { intake, journal } = makeIntake({
    attach: () => Promise.reject(new Error('none')),
    raise: () => Promise.reject(new VeilgateError('store-unavailable', 'Gone.')),
  });
  for (let n = 0; n < MAX_WAITING + 10; n++) intake.accept(finding({ cause: String(n) }));
  // One is on its way to the store.
  expect(journal).toHaveLength(9);
  await intake.close();
});
