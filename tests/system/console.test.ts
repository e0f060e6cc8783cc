import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PlaceLatches } from '../../src/control/place-latch.js';
import type { Zone } from '../../src/zones/zone.js';
import { ConsoleVisit, type Look, launchChromium } from '../support/console.js';
import { TestGateway } from '../support/gateway.js';
import { isMissing } from '../support/peer.js';

/** Where a run leaves a picture of every page in both languages and themes, if anywhere. */
const SCREENSHOTS = process.env.VEILGATE_SCREENSHOTS;

/** One is looked at by axe in every run, all four where pictures are wanted. */
const LOOKS = [
  ['zh', 'dark'],
  ['en', 'light'],
  ['zh', 'light'],
  ['en', 'dark'],
] as const;

/** The restroom door of the demo lobby. */
const DOOR: Zone = {
  id: 'restroom-door',
  kind: 'restroom',
  polygon: [
    [0.1, 0.2],
    [0.3, 0.2],
    [0.3, 0.6],
    [0.1, 0.6],
  ],
  action: 'mask',
  style: 'solid',
  padding: 16,
};

/** As installers name them; nothing answers there. */
const LONG_ID = 'north-staircase-of-the-second-building-on-the-fourth-floor';

/** In the door, and on the desk. */
const IN_DOOR = [0.2, 0.4] as const;
const ON_DESK = [0.62, 0.58] as const;

/** Passwords are hashed slowly on purpose. */
const PATIENT = { timeout: 15_000 };

const PASSWORD = 'seven slow herons over Lugano';

/** What the whole page may weigh, gzipped. */
const MOST_BYTES = 400_000;

const PAGES = [
  'wall',
  'camera/lobby',
  `camera/${LONG_ID}`,
  'zones/lobby',
  `zones/${LONG_ID}`,
  'alerts',
  'approvals',
  'compliance',
  'records',
  'people',
  'system',
  'add-camera',
] as const;

describe.skipIf(isMissing('chromium'))('the console in Chromium', () => {
  let browser: Browser;
  let storage: string;
  let gateway: TestGateway;
  let visit: ConsoleVisit;
  let page: Page;
  let origin: string;

  beforeAll(async () => {
    if (SCREENSHOTS) mkdirSync(SCREENSHOTS, { recursive: true });
    browser = await launchChromium();
    storage = mkdtempSync(join(tmpdir(), 'veilgate-console-'));
    // Recognised before this gateway was started.
    await new PlaceLatches(storage, () => new Date()).close('hall', 'looks like a bathroom');
    gateway = await TestGateway.start({
      storage,
      server: { preview: 'jsmpeg' },
      cameras: [
        { id: 'lobby', source: 'demo:lobby', zones: [DOOR] },
        { id: 'locker-room', source: 'demo:lobby', place: 'changing-room', zones: [DOOR] },
        { id: 'hall', source: 'demo:lobby', place: 'lobby', zones: [DOOR] },
        { id: LONG_ID, source: `rtsp://127.0.0.1:9/${'channel-of-the-recorder'.repeat(4)}`, zones: [DOOR] },
      ],
    });
    origin = `http://127.0.0.1:${gateway.ports.http}`;
  });
  afterAll(async () => {
    await gateway?.close();
    await browser?.close();
    rmSync(storage, { recursive: true, force: true });
  });

  beforeEach(async () => {
    visit = await ConsoleVisit.begin(browser, origin);
    page = visit.page;
    await gateway.reaches('lobby', 'masked');
  });
  afterEach(async () => {
    await visit.end();
  });

  const signIn = async (): Promise<void> => {
    await visit.signIn(gateway.token);
    await page.locator('.tile').first().waitFor();
  };
  const open = (path: string) => visit.open(path);
  const becomes = (selector: string, at: readonly [number, number], wanted: Look) =>
    visit.becomes(selector, at, wanted);

  const LOBBY = 'video[aria-label="Masked picture of lobby"]';

  it('asks for the token, and takes no other', async () => {
    await page.goto(origin);
    await visit.chooseToken();
    await page.locator('#token').fill('not-the-token');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('.complaint').innerText()).toBe('This is not the admin token.');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('token');
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
  });

  it('shows masked streams live on the wall, from this gateway alone, with its token in no address', async () => {
    const lengths: Promise<number>[] = [];
    page.on('response', (response) => {
      if (/\/$|\/assets\//.test(new URL(response.url()).pathname))
        lengths.push(response.allHeaders().then((headers) => Number(headers['content-length'] ?? 0)));
    });
    await signIn();
    await becomes(LOBBY, ON_DESK, 'picture');
    await becomes(LOBBY, IN_DOOR, 'mask');
    const time = () => page.locator(LOBBY).evaluate((video) => (video as HTMLVideoElement).currentTime);
    const before = await time();
    await expect.poll(time).toBeGreaterThan(before + 0.5);
    for (const url of visit.requested)
      expect(url.startsWith(`${origin}/`) || url.startsWith(`blob:${origin}/`), url).toBe(true);
    expect([page.url(), ...visit.requested].join()).not.toContain(gateway.token);
    expect(await page.evaluate(() => document.cookie.length)).toBe(0);
    const bytes = (await Promise.all(lengths)).reduce((sum, length) => sum + length, 0);
    expect(bytes).toBeGreaterThan(10_000);
    expect(bytes).toBeLessThan(MOST_BYTES);
    const withheld = page.locator('.tile[data-state="withheld"]', { hasText: 'locker-room' });
    expect(await withheld.locator('.tile-reason').innerText()).toContain('Art. 15');
  });

  it('plots latency of the time before the page was opened', async () => {
    await signIn();
    await becomes(LOBBY, ON_DESK, 'picture');
    // Another browser, that has seen nothing yet.
    const other = await ConsoleVisit.begin(browser, origin);
    await other.signIn(gateway.token);
    await other.open('system');
    const plot = other.page.locator('figure.plot', { hasText: 'lobby' });
    // A line of one minute is level, and the browser's driver calls what has no height hidden.
    const line = plot.locator('polyline').first();
    await line.waitFor({ state: 'attached' });
    expect(await line.getAttribute('points')).toMatch(/^[\d.]+,[\d.]+( [\d.]+,[\d.]+)+$/);
    expect(await plot.locator('figcaption').innerText()).toMatch(/^lobby; [\d.]+ ms \/ [\d.]+ ms, [\d.]+ fps$/);
    await other.page.locator('select:has(option[value=day])').selectOption('day');
    await line.waitFor({ state: 'attached' });
    const { minutes } = await gateway.get<{ minutes: { fps: number; p50: number; p99: number }[] }>(
      '/api/v1/cameras/lobby/history',
    );
    expect(minutes.length).toBeGreaterThan(0);
    for (const { fps, p50, p99 } of minutes) {
      expect(fps).toBeGreaterThan(0);
      expect(p99).toBeGreaterThanOrEqual(p50);
    }
    await other.end();
  });

  it('shows masked streams by JSMpeg where there are no Media Source Extensions, and loads it nowhere else', async () => {
    const CANVAS = 'canvas[aria-label="Masked picture of lobby"]';
    await signIn();
    await becomes(LOBBY, ON_DESK, 'picture');
    expect(visit.requested.filter((url) => /preview/.test(url))).toEqual([]);
    await page.addInitScript('delete window.MediaSource');
    await page.reload();
    await becomes(CANVAS, ON_DESK, 'picture');
    await becomes(CANVAS, IN_DOOR, 'mask');
    await gateway.withhold('lobby', true);
    await becomes('.tile canvas', [0.5, 0.04], 'slate');
    await gateway.withhold('lobby', false);
    await becomes(CANVAS, ON_DESK, 'picture');
    await page.goto(`${origin}/?player=jsmpeg`);
    await page.locator(CANVAS).waitFor();
  });

  it('draws a zone by keyboard, and its pixels are masked in the player within a second of the answer', async () => {
    await signIn();
    await open('zones/lobby');
    await becomes(LOBBY, ON_DESK, 'picture');
    await page.locator('.zone-canvas').focus();
    await page.keyboard.press('d');
    // The cross begins in the middle: a box around the desk.
    const far = async (key: string, times: number) => {
      for (let i = 0; i < times; i++) await page.keyboard.press(`Shift+${key}`);
      await page.keyboard.press(' ');
    };
    await far('ArrowDown', 1);
    await far('ArrowRight', 9);
    await far('ArrowDown', 4);
    await far('ArrowLeft', 9);
    await page.keyboard.press('Enter');
    expect(await page.locator('.zone').count()).toBe(2);
    expect(await page.locator('.zone-list').innerText()).toContain('zone-2');
    await page.getByRole('button', { name: 'Put in force' }).click();
    await page.getByText(/In force as revision/).waitFor();
    const answered = performance.now();
    await becomes(LOBBY, ON_DESK, 'mask');
    expect(performance.now() - answered).toBeLessThan(1000);
  });

  it('says what would become visible before it masks less, and takes it back', async () => {
    await signIn();
    await open('zones/lobby');
    await page.locator('.zone-name', { hasText: 'zone-2' }).click();
    await page.locator('.zone[data-zone="1"]').focus();
    await page.keyboard.press('Delete');
    expect(await page.locator('.becomes-visible').count()).toBe(2);
    await page.keyboard.press('Control+z');
    expect(await page.locator('.zone').count()).toBe(2);
    await page.keyboard.press('Control+y');
    await page.getByRole('button', { name: 'Put in force' }).click();
    const dialog = page.getByRole('dialog');
    expect(await dialog.innerText()).toMatch(
      /zone-2; removed; \d.* % of the picture would no longer be masked|zone-2.*removed/s,
    );
    const sure = dialog.getByRole('button', { name: 'Put in force all the same' });
    expect(await sure.isDisabled()).toBe(true);
    await dialog.getByRole('checkbox').check();
    await sure.click();
    await page.getByText(/In force as revision/).waitFor();
    await becomes(LOBBY, ON_DESK, 'picture');
    expect(await page.locator('.revisions li').count()).toBeGreaterThan(2);
  });

  it('shows what is wrong while a zone is drawn with the mouse', async () => {
    await signIn();
    await open('zones/lobby');
    const canvas = page.locator('.zone-canvas');
    await canvas.waitFor();
    const box = (await canvas.boundingBox())!;
    await page.getByRole('button', { name: 'Draw', exact: true }).click();
    for (const [x, y] of [
      [0.5, 0.3],
      [0.8, 0.6],
      [0.8, 0.3],
      [0.5, 0.6],
    ] as const) {
      await page.mouse.click(box.x + x * box.width, box.y + y * box.height);
    }
    await page.keyboard.press('Enter');
    expect(await page.locator('.zone-verdict').innerText()).toContain('its sides cross');
    expect(await page.getByRole('button', { name: 'Put in force' }).isDisabled()).toBe(true);
    // Dragging one corner past the other makes it whole again.
    const corner = (await page.locator('.corner[data-corner="1"]').boundingBox())!;
    await page.mouse.move(corner.x + corner.width / 2, corner.y + corner.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + 0.7 * box.width, box.y + 0.15 * box.height, { steps: 5 });
    await page.mouse.up();
    expect(await page.locator('.zone-verdict').innerText()).not.toContain('its sides cross');
  });

  it('shows the slate of a camera whose process was killed, the picture again, and afterwards that it was away', async () => {
    await signIn();
    await becomes(LOBBY, ON_DESK, 'picture');
    // What the tile goes through is noted there: a state can be over before it is asked for.
    await page.evaluate(() => {
      const tile = document.querySelector('.tile')!;
      const states: (string | null)[] = [];
      Object.assign(window, { states });
      new MutationObserver(() => states.push(tile.getAttribute('data-state'))).observe(tile, { attributes: true });
    });
    process.kill(await gateway.workerPid('lobby'), 'SIGKILL');
    const note = page.locator('.tile').first().locator('.tile-interruption');
    await expect.poll(() => note.innerText(), { timeout: 30_000 }).toContain('The camera’s process ended');
    const seen = await page.evaluate(() => (window as unknown as { states: string[] }).states);
    expect(seen[0]).toBe('starting');
    expect(seen.at(-1)).toBe('masked');
    await becomes(LOBBY, ON_DESK, 'picture');
  });

  it('withholds a stream at once on an operator’s word', async () => {
    await signIn();
    await open('camera/lobby');
    await becomes('video', ON_DESK, 'picture');
    const pressed = performance.now();
    await page.getByRole('button', { name: 'Withhold the stream' }).click();
    await becomes('video', [0.5, 0.04], 'slate');
    console.log(`slate on the glass ${Math.round(performance.now() - pressed)} ms after the button`);
    await page.getByRole('button', { name: 'Show the stream again' }).click();
    await becomes('video', [0.5, 0.04], 'picture');
  });

  it('makes the first account by the setup link, and lets another person agree to what takes two', async () => {
    const [, secret] = await gateway.process.match(/#\/setup\/(\S+)/);
    await page.goto(`${origin}/#/setup/${secret}`);
    await page.getByLabel('Name').fill('ada');
    await page.getByLabel('Password').fill('password1234');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('.complaint').innerText(), PATIENT).toContain('easily guessed');
    await page.getByLabel('Password').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('.who').innerText(), PATIENT).toContain('ada, Administrator');
    expect(page.url()).not.toContain(secret);
    expect(await page.evaluate(() => `${document.cookie}${sessionStorage.length}`)).toBe('0');

    // The other person, in a browser of their own.
    const invitation = await gateway.api<{ path: string }>('POST', '/accounts', { name: 'bob', role: 'operator' });
    const otherContext = await browser.newContext({ locale: 'en-GB' });
    const other = await otherContext.newPage();
    await other.goto(`${origin}${invitation.path}`);
    await other.getByLabel('Password').fill(PASSWORD);
    await other.keyboard.press('Enter');
    await expect.poll(() => other.locator('.who').innerText(), PATIENT).toContain('bob, Operator');
    await other.goto(`${origin}/#/zones/lobby`);
    await other.locator('.zone').first().waitFor();
    expect(await other.getByRole('button', { name: 'Put in force' }).count()).toBe(0);
    await other.goto(`${origin}/#/approvals`);

    await gateway.write(`${gateway.text}\nzones:\n  twoPersons: true\n`);
    const applied = async () => gateway.process.output().includes('site file applied') || undefined;
    await gateway.eventually('apply the site file', applied);
    const { zoneRevision } = await gateway.camera('lobby');
    await open('zones/lobby');
    await page.locator('.zone[data-zone="0"]').focus();
    await page.keyboard.press('Shift+ArrowRight');
    await page.getByRole('button', { name: 'Put in force' }).click();
    await page.getByRole('checkbox', { name: 'I answer for it' }).check();
    await page.getByRole('button', { name: 'Put in force all the same' }).click();
    const waiting = page.getByRole('dialog', { name: 'This takes two people' });
    await waiting.getByText('Mask less than now').waitFor();
    expect((await gateway.camera('lobby')).zoneRevision).toBe(zoneRevision);
    const request = other.locator('[data-approval]').first();
    expect(await request.innerText()).toContain('Asked for by ada');
    await request.getByRole('button', { name: 'Agree' }).click();
    await page.getByText(`In force as revision ${zoneRevision + 1}`).waitFor();
    expect(await waiting.count()).toBe(0);
    await expect.poll(() => request.locator('.badge').innerText(), PATIENT).toBe('Done');

    // The other way round: what was recognised as a prohibited place.
    await gateway.reaches('hall', 'withheld:prohibited-place');
    await other.goto(`${origin}/#/camera/hall`);
    await other.getByRole('button', { name: 'Release it with a second person' }).click();
    await other.getByLabel('Reason').fill('It is the hall, with a fountain.');
    await other.keyboard.press('Enter');
    await other.getByRole('dialog', { name: 'This takes two people' }).waitFor();
    await open('approvals');
    await page.getByText('hall: It is the hall, with a fountain.').waitFor();
    await page.getByRole('button', { name: 'Agree' }).click();
    await gateway.reaches('hall', 'masked');
    await expect.poll(() => other.locator('.badge').first().innerText(), PATIENT).toBe('Masked');

    await other.getByRole('button', { name: 'Sign out' }).click();
    await other.getByLabel('Password').waitFor();
    await other.reload();
    await other.getByLabel('Name').fill('bob');
    await other.getByLabel('Password').fill('something else');
    await other.keyboard.press('Enter');
    await expect.poll(() => other.locator('.complaint').innerText(), PATIENT).toBe('Name or password is not right.');
    await other.getByLabel('Password').fill(PASSWORD);
    await other.keyboard.press('Enter');
    await expect.poll(() => other.locator('.who').innerText(), PATIENT).toContain('bob, Operator');
    await otherContext.close();
  });

  it('speaks Chinese and English, and remembers which', async () => {
    await signIn();
    await page.getByLabel('Language').selectOption('zh');
    expect(await page.locator('h1').innerText()).toBe('监控墙');
    expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN');
    await page.reload();
    await expect.poll(() => page.locator('h1').innerText()).toBe('监控墙');
    expect(await page.locator('.tile-reason').first().innerText()).toContain('第十五条');
    await page.getByLabel('语言').selectOption('en');
    expect(await page.locator('h1').innerText()).toBe('Wall');
  });

  it('fits a telephone', async () => {
    await signIn();
    await page.setViewportSize({ width: 360, height: 740 });
    for (const path of PAGES) {
      await open(path);
      // What a page asks for makes it wide, if anything does.
      await page.getByText('Loading…').waitFor({ state: 'detached' });
      expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBeLessThanOrEqual(360);
    }
  });

  it.each(SCREENSHOTS ? LOOKS : LOOKS.slice(0, 1))(
    'leaves axe nothing to say, in %s and %s',
    async (language, theme) => {
      const examine = async (name: string): Promise<void> => {
        if (SCREENSHOTS)
          await page.screenshot({ path: join(SCREENSHOTS, `${name.replaceAll('/', '-')}-${language}-${theme}.png`) });
        const found = (await visit.findings()).map((finding) => `${name}: ${finding}`);
        expect(found).toEqual([]);
      };
      await visit.context.addInitScript(
        ([spoken, shown]) => {
          localStorage.setItem('veilgate.language', spoken);
          localStorage.setItem('veilgate.theme', shown);
        },
        [language, theme] as const,
      );
      await page.goto(origin);
      await page.locator('#password').waitFor();
      await examine('sign-in');
      await page.goto(`${origin}/#/setup/nothing`);
      await page.locator('#name').waitFor();
      await examine('setup');
      await page.goto(`${origin}/#/`);
      await signIn();
      for (const path of PAGES) {
        await open(path);
        await page.waitForTimeout(300);
        await examine(path);
      }
    },
  );
});
