import { mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConsoleVisit, launchChromium } from '../support/console.js';
import { TestGateway } from '../support/gateway.js';
import { isMissing } from '../support/peer.js';

const SCREENSHOTS = process.env.VEILGATE_SCREENSHOTS;

describe.skipIf(isMissing('chromium'))('people in the console', () => {
  let browser: Browser;
  beforeAll(async () => {
    if (SCREENSHOTS) mkdirSync(SCREENSHOTS, { recursive: true });
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());

  it('are invited, make tokens, inspect, export as two, and accept what the site file weakens', async () => {
    await using gateway = await TestGateway.start({ cameras: [{ id: 'lobby', source: 'demo:lobby' }] });
    const origin = `http://127.0.0.1:${gateway.ports.http}`;
    const visit = await ConsoleVisit.begin(browser, origin);
    const { page } = visit;
    await visit.setUp(gateway, 'ada');

    await visit.open('people');
    await page.getByLabel('New account').fill('bob');
    await page.getByRole('button', { name: 'Make and invite' }).click();
    const link = await page.locator('.secret').textContent();
    const other = await ConsoleVisit.begin(browser, origin);
    await other.follow(link!);

    await page.getByLabel('What it is for').fill('Wall display');
    await page.getByRole('button', { name: 'Make a token' }).click();
    await page.getByText('The token "Wall display".').waitFor();
    const secret = await page.locator('.secret').last().textContent();
    const status = async (): Promise<number> =>
      (await fetch(`${origin}/api/v1/cameras`, { headers: { authorization: `Bearer ${secret}` } })).status;
    expect(await status()).toBe(200);
    if (SCREENSHOTS) await page.screenshot({ path: join(SCREENSHOTS, 'people-en-light.png') });
    expect(await visit.findings()).toEqual([]);
    // Another look at the page no longer has it.
    await page.reload();
    await page.getByText('Wall display').waitFor();
    expect(await page.locator('.secret').count()).toBe(0);
    await page.locator('[data-token="Wall display"]').getByRole('button', { name: 'Revoke' }).click();
    await page.locator('[data-token="Wall display"]').getByText('revoked').waitFor();
    expect(await status()).toBe(401);

    await visit.open('records');
    await page.getByText('Register an inspection').click();
    for (const [index, name] of ['Li Wei', 'Li Wei'].entries()) {
      const officer = page.getByRole('group', { name: `Officer ${index + 1}` });
      await officer.getByLabel('Officer’s name').fill(name);
      await officer.getByLabel('Authority').fill('Public security bureau');
      await officer.getByLabel('Identification number').fill('1001');
    }
    await page.getByLabel('Letter number').fill('2026-7');
    await page.getByLabel('Purpose').first().fill('Yearly visit');
    await page.getByRole('button', { name: 'Begin the inspection' }).click();
    await page.locator('details .notice').waitFor();
    // One officer twice is one officer.
    const second = page.getByRole('group', { name: 'Officer 2' });
    await second.getByLabel('Officer’s name').fill('Wang Fang');
    await second.getByLabel('Identification number').fill('1002');
    await page.getByRole('button', { name: 'Begin the inspection' }).click();
    const entry = page.locator('[data-inspection]');
    await entry.getByText('Wang Fang (Public security bureau)').waitFor();
    await visit.open('alerts');
    await page.locator('.queue-row').first().waitFor();
    await visit.open('records');
    await entry.getByRole('button', { name: 'What was read' }).click();
    await entry.getByText('GET /api/v1/alerts?').first().waitFor();

    const exporting = page.locator('section', { has: page.locator('#exports-title') });
    await exporting.getByLabel('Purpose').fill('For the officers');
    const arrives = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export', exact: true }).click();
    await page.getByRole('dialog', { name: 'This takes two people' }).waitFor();
    await other.open('approvals');
    await other.page.getByRole('button', { name: 'Agree' }).click();
    const file = await arrives;
    expect(file.suggestedFilename()).toMatch(/^veilgate-export-.*\.zip$/);
    expect((await readFile(await file.path())).subarray(0, 2).toString()).toBe('PK');
    await exporting.getByText(/ada with bob/).waitFor();
    if (SCREENSHOTS) await page.screenshot({ path: join(SCREENSHOTS, 'records-en-light.png'), fullPage: true });
    expect(await visit.findings()).toEqual([]);
    await entry.getByRole('button', { name: 'End it' }).click();
    await entry.locator('.badge', { hasText: 'Over' }).waitFor();

    await gateway.edit((camera) => ({ ...camera, guard: { mode: 'off' } }));
    await visit.open('approvals');
    await page.getByText('The site file protects less than is in force:').waitFor();
    await page.getByText('withhold would become off').waitFor();
    if (SCREENSHOTS) await page.screenshot({ path: join(SCREENSHOTS, 'weakening-en-light.png') });
    expect(await visit.findings()).toEqual([]);
    await page.getByRole('button', { name: 'Accept what the site file says' }).click();
    await page.getByText('The site file protects less').waitFor({ state: 'detached' });
    expect(await gateway.api('GET', '/site')).toMatchObject({ pending: [] });
    await other.end();
    await visit.end();
  }, 120_000);
});
