import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { AuditEvent } from '../record/log/event.js';
import { SILENT_LOGGER } from '../rtsp/logger.js';
import { readCards } from '../vision/read-cards.js';
import { noteModels } from './model-keeper.js';

const PLACE = fileURLToPath(new URL('../../models/place/card.json', import.meta.url));

let dir: string;
let recorded: AuditEvent[];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'veilgate-models-'));
  recorded = [];
});
afterEach(() => rmSync(dir, { recursive: true }));

const start = (isLogWritable = true) =>
  noteModels(join(dir, 'data'), {
    logger: SILENT_LOGGER,
    cards: () => readCards(join(dir, 'models')),
    journal: {
      async record(event) {
        if (!isLogWritable) throw new Error('no log');
        recorded.push(event);
      },
    },
  });

it('models are in the log from the first start on, and again where one is another than before', async () => {
  const card = join(dir, 'models/place/card.json');
  cpSync(PLACE, card);
  const { sha256 } = JSON.parse(readFileSync(card, 'utf8')) as { sha256: string };
  await start(false);
  await start();
  await start();
  expect(recorded).toEqual([
    { kind: 'model-change', actor: 'system', data: { model: 'place', from: null, to: sha256 } },
  ]);
  const other = 'a'.repeat(64);
  writeFileSync(card, readFileSync(card, 'utf8').replace(sha256, other));
  await start();
  expect(recorded[1]?.data).toEqual({ model: 'place', from: sha256, to: other });
});

it('all models of the gateway have their place in the log', async () => {
  await noteModels(join(dir, 'data'), {
    logger: SILENT_LOGGER,
    cards: readCards,
    journal: { record: async (event) => void recorded.push(event) },
  });
  const names = recorded.map(({ data }) => (data as { model: string }).model);
  expect(names).toEqual(expect.arrayContaining(['place', 'text-lines', 'text-reader']));
});
