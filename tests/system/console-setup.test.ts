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

describe.skipIf(isMissing('chromium'))('the first run', () => {
  let browser: Browser;
  beforeAll(async () => {
    if (SCREENSHOTS) mkdirSync(SCREENSHOTS, { recursive: true });
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());

  it('goes from the setup link to a camera that ONVIF found, its masked picture and its zones', async () => {
    await using gateway = await TestGateway.start({ cameras: [{ id: 'lobby', source: 'demo:lobby' }] });
    await using camera = await OnvifCamera.start();
    // A real stream: what this gateway itself shows.
    camera.stream = gateway.url('lobby');
    await using _devices = await DiscoverableDevices.listen([probeMatch(camera.publicService, 'Gate 2')]);
    const visit = await ConsoleVisit.begin(browser, `http://127.0.0.1:${gateway.ports.http}`);
    const { page } = visit;
    await visit.setUp(gateway, 'ada');
    await page.getByText('ada, Administrator').waitFor();

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

    await page.getByRole('link', { name: 'Draw its zones' }).click();
    await page.locator('.zone[data-zone="0"]').focus();
    await page.keyboard.press('Delete');
    await page.locator('.zone-canvas').focus();
    await page.keyboard.press('r');
    await page.getByRole('button', { name: 'Put in force' }).click();
    await page.getByRole('checkbox', { name: 'I answer for it' }).check();
    await page.getByRole('button', { name: 'Put in force all the same' }).click();
    await page.getByText(/In force as revision/).waitFor();
    await gateway.eventually('show the rest', async () => {
      const { maskedArea } = await gateway.camera('gate-2');
      return maskedArea < 0.9 || undefined;
    });
    await visit.end();
  }, 90_000);
});
