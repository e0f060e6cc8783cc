import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConsoleVisit, launchChromium } from '../support/console.js';
import { TestGateway, zone } from '../support/gateway.js';
import { isMissing } from '../support/peer.js';

const SCREENSHOTS = process.env.VEILGATE_SCREENSHOTS;

/** Over most of the demo lobby: in the middle of it are its bright wall and floor. */
const ZONE = zone({
  id: 'hall',
  kind: 'private',
  polygon: [
    [0.1, 0.1],
    [0.9, 0.1],
    [0.9, 0.9],
    [0.1, 0.9],
  ],
});
const MASKED = [0.62, 0.58] as const;
const VIDEO = 'video[aria-label="Masked picture of lobby"]';
const RAW = 'img[alt="Raw picture of lobby"]';
const COARSE = 'img[alt="Whole picture of lobby in coarse blocks"]';

/** What the audit log has of commissioning, once it has so much. */
const recorded = (gateway: TestGateway, count: number): Promise<object[]> =>
  gateway.eventually(`record ${count} steps of a commissioning view`, async () => {
    const { entries } = await gateway.api<{ entries: { kind: string; data: object }[] }>('GET', '/log/entries?start=0');
    const steps = entries.filter(({ kind }) => kind === 'commission').map(({ data }) => data);
    return steps.length >= count ? steps : undefined;
  });

describe.skipIf(isMissing('chromium'))('what zones are drawn on in the console', () => {
  let browser: Browser;
  beforeAll(async () => {
    if (SCREENSHOTS) mkdirSync(SCREENSHOTS, { recursive: true });
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());

  const camera = { id: 'lobby', source: 'demo:lobby', zones: [ZONE] };
  const visitOf = (gateway: TestGateway) => ConsoleVisit.begin(browser, `http://127.0.0.1:${gateway.ports.http}`);

  it('is the raw picture for a reason, in a red frame that counts down, and gone when it is closed', async () => {
    await using gateway = await TestGateway.start({ commissioning: true, cameras: [camera] });
    const visit = await visitOf(gateway);
    const { page } = visit;
    await visit.setUp(gateway, 'ada');
    await visit.open('zones/lobby');
    await visit.becomes(VIDEO, MASKED, 'mask');

    // By keyboard alone.
    await page.getByRole('button', { name: 'Commission view…' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    expect(await visit.findings()).toEqual([]);
    if (SCREENSHOTS) await page.screenshot({ path: join(SCREENSHOTS, 'commission-asks-en-light.png') });
    await page.keyboard.type('The door was moved');
    await page.keyboard.press('Enter');
    await page.locator(RAW).waitFor();
    await visit.becomes(RAW, MASKED, 'picture');
    expect(await page.locator('.raw-banner').textContent()).toMatch(
      /Raw picture – not recorded[45] mins \d+ secs? left/,
    );
    // It is of now: another picture comes.
    const first = await page.locator(RAW).getAttribute('src');
    await expect.poll(() => page.locator(RAW).getAttribute('src'), { timeout: 10_000 }).not.toBe(first);
    await visit.becomes(VIDEO, MASKED, 'mask');
    expect(await page.locator(VIDEO).count()).toBe(1);
    expect(await page.evaluate(() => document.activeElement?.classList.contains('zone-canvas'))).toBe(true);
    await page.keyboard.press('r');
    expect(await page.locator('.zone').count()).toBe(2);
    expect(await visit.findings()).toEqual([]);
    if (SCREENSHOTS) await page.screenshot({ path: join(SCREENSHOTS, 'commission-en-light.png') });

    const last = await page.locator(RAW).getAttribute('src');
    await page.getByRole('button', { name: 'Close the raw picture' }).click();
    expect(await page.locator(RAW).count()).toBe(0);
    expect(await page.locator('.raw-banner').count()).toBe(0);
    // Nor can what was there be had from the browser any more.
    const kept = (url: string) =>
      page.evaluate(`new Promise((resolve) => {
        const picture = new Image();
        picture.onload = () => resolve('still there');
        picture.onerror = () => resolve('gone');
        picture.src = ${JSON.stringify(url)};
      })`);
    expect(await kept(last!)).toBe('gone');
    expect(await page.locator('.zone').count()).toBe(2);
    expect(await recorded(gateway, 2)).toMatchObject([
      { step: 'opened', reason: 'The door was moved' },
      { step: 'closed', why: 'by the person' },
    ]);
    // Leaving the page closes it as well.
    await page.getByRole('button', { name: 'Commission view…' }).click();
    await page.getByLabel('Why it is needed').fill('Once more');
    await page.keyboard.press('Enter');
    await page.locator(RAW).waitFor();
    await visit.open('wall');
    expect((await recorded(gateway, 4))[3]).toMatchObject({ step: 'closed', why: 'by the person' });
    await visit.end();
  }, 120_000);

  it('is a picture of coarse blocks where the site file does not allow the raw one', async () => {
    await using gateway = await TestGateway.start({ cameras: [camera] });
    const visit = await visitOf(gateway);
    const { page } = visit;
    await visit.setUp(gateway, 'ada');
    await page.getByLabel('Language').selectOption('zh');
    await visit.open('zones/lobby');
    await visit.becomes('.zone-picture video', MASKED, 'mask');
    expect(await page.getByRole('button', { name: /调试视图/ }).count()).toBe(0);
    await page.getByLabel('语言').selectOption('en');
    const toggle = page.getByRole('button', { name: 'Coarse picture' });
    await toggle.click();
    await visit.becomes(COARSE, MASKED, 'picture');
    // All of a block is of one colour.
    const middle = await visit.pixel(COARSE, [0.51, 0.52]);
    const near = await visit.pixel(COARSE, [0.513, 0.525]);
    for (const [channel, value] of middle.entries()) expect(Math.abs(value - near[channel]!)).toBeLessThan(12);
    expect(await visit.findings()).toEqual([]);
    if (SCREENSHOTS) await page.screenshot({ path: join(SCREENSHOTS, 'coarse-en-light.png') });
    await toggle.click();
    expect(await page.locator(COARSE).count()).toBe(0);
    await visit.end();
  }, 120_000);
});
