import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AlertBook } from '../../src/record/alerts/alert-book.js';
import { openStore } from '../../src/record/store/store.js';
import { SILENT_LOGGER } from '../../src/rtsp/logger.js';
import type { FindingKind } from '../../src/rules/finding.js';
import { PACKS } from '../../src/rules/packs.js';
import { applyRules } from '../../src/rules/rule.js';
import { ConsoleVisit, launchChromium, lookOf } from '../support/console.js';
import { TestGateway, zone } from '../support/gateway.js';
import { isMissing } from '../support/peer.js';

const SCREENSHOTS = process.env.VEILGATE_SCREENSHOTS;

/** Ten alerts of one camera, of which the first has waited for too long. */
const KINDS: readonly FindingKind[] = [
  'undressed-person',
  'view-moved',
  'view-covered',
  'view-lost',
  'sign-missing',
  'sign-degraded',
  'person-entered',
  'person-dwelling',
  'approval-missing',
  'analysis-stale',
];

/** Clear of the zone, and bright in the demo lobby: its desk. */
const ON_DESK = [0.62, 0.58] as const;

interface Told {
  readonly id: string;
  readonly state: string;
}

const raiseAll = async (dir: string): Promise<void> => {
  const store = openStore({ dir, url: null }, { logger: SILENT_LOGGER, host: 'here' });
  const journal = { note: () => undefined, record: async () => undefined };
  const book = new AlertBook({ store, journal, now: Date.now, news: () => undefined });
  const jpeg = await sharp({ create: { width: 640, height: 360, channels: 3, background: '#556677' } })
    .jpeg()
    .toBuffer();
  for (const [n, kind] of KINDS.entries()) {
    const at = Date.now() - (KINDS.length - n) * 60_000;
    const finding = { camera: 'lobby', kind, cause: '', at, detail: `Found as number ${n}.` };
    const consequence = applyRules(PACKS['cn-2012'], finding, { unit: 'company' });
    await book.raise({ finding, consequence, picture: { jpeg, masked: 'zones' }, occurrences: 1, lastAt: at });
  }
  await store.close();
};

describe.skipIf(isMissing('chromium'))('alerts in the console', () => {
  let browser: Browser;
  let storage: string;
  let gateway: TestGateway;
  let visit: ConsoleVisit;
  let page: Page;

  beforeAll(async () => {
    if (SCREENSHOTS) mkdirSync(SCREENSHOTS, { recursive: true });
    browser = await launchChromium();
    storage = mkdtempSync(join(tmpdir(), 'veilgate-console-'));
    await raiseAll(storage);
    const lobby = { id: 'lobby', source: 'demo:lobby', zones: [zone({ polygon: BOX })] };
    gateway = await TestGateway.start({ storage, cameras: [lobby] });
  });
  afterAll(async () => {
    await gateway?.close();
    await browser?.close();
    rmSync(storage, { recursive: true, force: true });
  });
  beforeEach(async () => {
    visit = await ConsoleVisit.begin(browser, `http://127.0.0.1:${gateway.ports.http}`);
    page = visit.page;
    await visit.signIn(gateway.token);
  });
  afterEach(() => visit.end());

  const told = async (): Promise<readonly Told[]> =>
    (await gateway.api<{ alerts: Told[] }>('GET', '/alerts?camera=lobby')).alerts;

  it('shows what was found beside what the place usually looks like, as it is masked now', async () => {
    await gateway.reaches('lobby', 'masked');
    const usual = () => gateway.bytes('/cameras/lobby/view.jpg');
    const before = await gateway.eventually('learn the view', usual);
    expect(lookOf(await pixelOf(before, ON_DESK))).toBe('picture');
    await visit.open('alerts');
    await page.locator('.queue-row').first().waitFor();
    await page.keyboard.press('j');
    await page.getByRole('img', { name: 'Masked picture of what lobby usually sees' }).waitFor();
    await page.getByRole('img', { name: /Masked picture of lobby when the alert was opened/ }).waitFor();
    // What a later zone hides is hidden in the picture of before, too.
    await gateway.putZones('lobby', [zone({ polygon: BOX }), zone({ id: 'desk', polygon: DESK })]);
    expect(lookOf(await pixelOf(await usual(), ON_DESK))).toBe('mask');
    if (SCREENSHOTS) await page.screenshot({ path: join(SCREENSHOTS, 'alert-en-light.png') });
    expect(await visit.findings()).toEqual([]);
  });

  it('takes ten alerts through their steps by keyboard alone', async () => {
    // The gateway has found something of its own, too: what the site file lacks.
    const { length } = await told();
    expect(length).toBeGreaterThanOrEqual(KINDS.length);
    await visit.open('alerts');
    await page.locator('.queue-row').first().waitFor();
    const title = page.locator('.alert-side h2');
    const press = (key: string) => page.keyboard.press(key);
    const reaches = async (id: string, state: string): Promise<void> =>
      expect.poll(async () => (await told()).find((alert) => alert.id === id)?.state, { timeout: 10_000 }).toBe(state);
    await press('j');
    for (let n = 0; n < length; n++) {
      await title.waitFor();
      const id = (await page.locator('.queue-row[aria-selected="true"]').getAttribute('id'))!.replace('alert-', '');
      await press('a');
      await reaches(id, 'acknowledged');
      await page.locator('.alert-side').getByText('Acknowledged').first().waitFor();
      if (n % 2 === 0) {
        await press('d');
        await page.keyboard.type('A reflection.');
        await press('Enter');
        await reaches(id, 'dismissed');
      } else {
        await press('c');
        await reaches(id, 'confirmed');
        await page.locator('.alert-side .due').waitFor();
        await press('r');
        await page.keyboard.type('Public security bureau');
        await press('Tab');
        await page.keyboard.type(`2026-${n}`);
        await press('Enter');
        await reaches(id, 'reported');
        await page.locator('.alert-side').getByText('Reported (').waitFor();
        await press('x');
        await reaches(id, 'closed');
      }
      await page.locator(`#alert-${id}`).waitFor({ state: 'detached' });
    }
    expect(new Set((await told()).map(({ state }) => state))).toEqual(new Set(['dismissed', 'closed']));
    await page.getByText('Nothing is open.').waitFor();
  });
});

const box = (left: number, top: number, right: number, bottom: number): readonly (readonly [number, number])[] => [
  [left, top],
  [right, top],
  [right, bottom],
  [left, bottom],
];

const BOX = box(0.1, 0.2, 0.3, 0.6);
const DESK = box(0.5, 0.45, 0.8, 0.75);

const pixelOf = async (jpeg: Buffer, [x, y]: readonly [number, number]): Promise<readonly number[]> => {
  const { data, info } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true });
  const at = (Math.floor(y * info.height) * info.width + Math.floor(x * info.width)) * info.channels;
  return [...data.subarray(at, at + 3)];
};
