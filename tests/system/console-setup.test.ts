import { mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConsoleVisit, launchChromium } from '../support/console.js';
import { TestGateway } from '../support/gateway.js';
import { OnvifCamera } from '../support/onvif-camera.js';
import { isMissing } from '../support/peer.js';
import { DiscoverableDevices, probeMatch } from '../support/ws-discovery.js';

const SCREENSHOTS = process.env.VEILGATE_SCREENSHOTS;

/** Bright in the demo lobby. */
const ON_DESK = [0.62, 0.58] as const;

const IN_ZONE = [0.5, 0.5] as const;

/** What pages say that are not about cameras. */
const EMPTY: Readonly<Record<string, RegExp>> = { alerts: /Nothing to decide/, records: /Export/ };

/** Of the page as it is, in both languages. */
const pictures = async ({ page }: ConsoleVisit, name: string, folder: string): Promise<void> => {
  const shoot = (language: string) =>
    page.screenshot({ path: join(folder, `${name}-${language}-light.png`), fullPage: true });
  await shoot('en');
  await page.getByLabel('Language').selectOption('zh');
  await shoot('zh');
  await page.getByLabel('语言').selectOption('en');
};

describe.skipIf(isMissing('chromium'))('the first run', () => {
  let browser: Browser;
  beforeAll(async () => {
    if (SCREENSHOTS) mkdirSync(SCREENSHOTS, { recursive: true });
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());

  it('goes from a site without cameras to masked pictures and zones: one by its address, one that ONVIF found', async () => {
    await using gateway = await TestGateway.start({ cameras: [] });
    const visit = await ConsoleVisit.begin(browser, `http://127.0.0.1:${gateway.ports.http}`);
    const { page } = visit;
    await visit.setUp(gateway, 'ada');
    await page.getByText('ada, Administrator').waitFor();
    await page.getByRole('heading', { name: 'There are no cameras yet.' }).waitFor();
    for (const path of ['zones', 'compliance', 'system', 'alerts', 'records', 'wall']) {
      await visit.open(path);
      await page
        .getByText(EMPTY[path] ?? /There are no cameras yet/)
        .first()
        .waitFor();
      expect(await visit.findings()).toEqual([]);
      if (SCREENSHOTS) await pictures(visit, `empty-${path}`, SCREENSHOTS);
    }

    await page.getByRole('link', { name: 'Add a camera' }).click();
    await page.getByLabel('Name').fill('lobby');
    await page.getByLabel('Address').fill('demo:lobby');
    await page.getByRole('button', { name: 'Add it' }).click();
    await page.getByText('Its picture comes, wholly masked.').waitFor();
    await visit.becomes('video', ON_DESK, 'mask');

    await page.getByRole('link', { name: 'Draw its zones' }).click();
    await page.locator('.zone[data-zone="0"]').focus();
    await page.keyboard.press('Delete');
    await page.locator('.zone-canvas').focus();
    await page.keyboard.press('r');
    await page.getByRole('button', { name: 'Put in force' }).click();
    await page.getByRole('checkbox', { name: 'I answer for it' }).check();
    await page.getByRole('button', { name: 'Put in force all the same' }).click();
    await page.getByText(/In force as revision/).waitFor();
    await visit.open('camera/lobby');
    await visit.becomes('video', ON_DESK, 'picture');
    await visit.becomes('video', IN_ZONE, 'mask');

    await using camera = await OnvifCamera.start();
    // A real stream: what this gateway itself shows, with the desk in it.
    camera.stream = gateway.url('lobby');
    await using _devices = await DiscoverableDevices.listen([probeMatch(camera.publicService, 'Gate 2')]);
    await visit.open('wall');
    await page.getByRole('link', { name: 'Add a camera' }).click();
    await page.getByRole('button', { name: 'Look for cameras' }).click();
    await page.getByRole('button', { name: /Gate 2/ }).click();
    await page.getByLabel('User of the camera').fill('operator');
    await page.getByLabel('Its password').fill('wrong');
    // What the camera says no to is said.
    camera.isBroken = true;
    await page.keyboard.press('Enter');
    await page.getByText(/does not tell its streams/).waitFor();
    camera.isBroken = false;
    await page.getByLabel('Its password').fill('s3cret-ptz');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: /main.*1280 × 720/s }).click();
    expect(await page.getByLabel('Name').inputValue()).toBe('gate-2');
    await page.getByText('The password will stand in the site file').waitFor();
    await page.getByLabel('What it looks at').selectOption('entrance');
    if (SCREENSHOTS) await page.screenshot({ path: join(SCREENSHOTS, 'discovery-en-light.png'), fullPage: true });
    expect(await visit.findings()).toEqual([]);
    await page.getByRole('button', { name: 'Add it' }).click();

    await page.getByText('Its picture comes, wholly masked.').waitFor();
    await visit.becomes('video', ON_DESK, 'mask');
    if (SCREENSHOTS) await page.screenshot({ path: join(SCREENSHOTS, 'added-en-light.png') });
    expect(await visit.findings()).toEqual([]);
    expect(await readFile(gateway.siteFile, 'utf8')).toContain('operator:s3cret-ptz@127.0.0.1');

    // Whoever takes the cameras out of the file is back at the beginning, and nothing of theirs runs on.
    await gateway.write(gateway.text);
    await visit.open('wall');
    await page.getByRole('heading', { name: 'There are no cameras yet.' }).waitFor();
    await visit.end();
  });
});
