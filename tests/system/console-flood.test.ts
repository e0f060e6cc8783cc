import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveApp, TOKEN } from '../../src/http/gateway.fixture.js';
import { PACKS } from '../../src/rules/packs.js';
import { applyRules } from '../../src/rules/rule.js';
import { ConsoleVisit, launchChromium } from '../support/console.js';
import { isMissing } from '../support/peer.js';

const FLOOD = 1000;

describe.skipIf(isMissing('chromium'))('a flood of alerts', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());

  it('leaves the queue usable: what is picked stays picked, keys work, and few rows are built', async () => {
    await using app = await serveApp();
    const { book } = app.alerts;
    const raise = async (n: number): Promise<string> => {
      const at = Date.now();
      const finding = { camera: 'lobby', kind: 'view-moved', cause: String(n), at, detail: `Number ${n}.` } as const;
      const consequence = applyRules(PACKS['cn-2012'], finding, { unit: 'company' });
      return (await book.raise({ finding, consequence, picture: null, occurrences: 1, lastAt: at })).alert.id;
    };
    const first = await raise(0);
    const visit = await ConsoleVisit.begin(browser, `http://127.0.0.1:${app.port}`);
    const { page } = visit;
    await visit.signIn(TOKEN);
    await visit.open('alerts');
    await page.locator('.queue-row').first().waitFor();
    await page.keyboard.press('j');
    await page.evaluate(() => {
      const gaps: number[] = [];
      Object.assign(window, { gaps });
      let last = performance.now();
      const turn = (now: number): void => {
        gaps.push(now - last);
        last = now;
        requestAnimationFrame(turn);
      };
      requestAnimationFrame(turn);
    });

    const began = performance.now();
    const flood = (async () => {
      for (let n = 1; n < FLOOD; n++) await raise(n);
    })();
    // In the middle of it the one under the hand is acknowledged, and the next ones are gone through.
    await expect.poll(() => page.locator('.summary').textContent(), { timeout: 30_000 }).toMatch(/^\d{2,} open/);
    const picked = page.locator('.queue-row[aria-selected="true"]');
    expect(await picked.getAttribute('id')).toBe(`alert-${first}`);
    await page.keyboard.press('a');
    await expect.poll(async () => (await book.get(first)).alert.state, { timeout: 30_000 }).toBe('acknowledged');
    await page.keyboard.press('j');
    await expect.poll(() => picked.getAttribute('id')).not.toBe(`alert-${first}`);

    await flood;
    const raised = performance.now() - began;
    await expect.poll(() => page.locator('.summary').textContent(), { timeout: 30_000 }).toBe(`${FLOOD} open`);
    expect(await page.locator('.queue-row').count()).toBeLessThan(40);
    await page.keyboard.press('End');
    await page.locator(`.queue-row[aria-posinset="${FLOOD}"][aria-selected="true"]`).waitFor();
    expect(await visit.findings()).toEqual([]);
    const gaps = await page.evaluate(() => (window as unknown as { gaps: number[] }).gaps.sort((a, b) => a - b));
    const at = (share: number): string => gaps[Math.floor(share * (gaps.length - 1))]!.toFixed(0);
    console.log(
      `${FLOOD} alerts in ${(raised / 1000).toFixed(1)} s: frames ${at(0.5)} ms apart, 99 % ${at(0.99)}, worst ${at(1)}`,
    );
    await visit.end();
  }, 120_000);
});
