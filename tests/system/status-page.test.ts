import { type Browser, launch, type Page } from 'puppeteer-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CameraView } from '../../src/control/gateway.js';
import { CAMERAS, GatewayInMemory, type ServedApp, serveApp, TOKEN } from '../../src/http/gateway.fixture.js';
import { isMissing } from '../support/peer.js';

/** The page takes a picture down after 5 s without another one, and looks every second. */
const STALE_PICTURE_MS = 15_000;

/** A gateway whose cameras say what the test wants. */
class ScriptedGateway extends GatewayInMemory {
  shown: readonly CameraView[] = CAMERAS;

  override cameras(): CameraView[] {
    return [...this.shown];
  }
}

describe.skipIf(isMissing('chromium'))('the status page in Chromium', () => {
  let browser: Browser;
  let page: Page;
  let app: ServedApp;
  let gateway: ScriptedGateway;
  let complaints: string[];
  let requested: string[];

  beforeAll(async () => {
    browser = await launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  });
  afterAll(() => browser.close());

  beforeEach(async () => {
    gateway = new ScriptedGateway();
    app = await serveApp({ gateway });
    const context = await browser.createBrowserContext();
    page = await context.newPage();
    await page.setViewport({ width: 1300, height: 2400 });
    complaints = [];
    requested = [];
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('console', (message) => {
      // Chromium notes every answer of 401 and every lost server by itself.
      if (message.type() === 'error' && !/Failed to load resource/.test(message.text()))
        complaints.push(message.text());
    });
    page.on('request', (request) => requested.push(request.url()));
    await page.goto(`http://127.0.0.1:${app.port}/`);
  });

  afterEach(async () => {
    await page.browserContext().close();
    await app[Symbol.asyncDispose]();
    expect(complaints).toEqual([]);
  });

  const textOf = (selector: string): Promise<string> =>
    page.evaluate(`document.querySelector(${JSON.stringify(selector)}).innerText`) as Promise<string>;

  const until = (expression: string, timeout = 10_000) => page.waitForFunction(expression, { timeout });

  const enter = async (token: string): Promise<void> => {
    await page.waitForSelector('#token:focus');
    await page.keyboard.type(token);
    await page.keyboard.press('Enter');
  };

  const enterAndSee = async (): Promise<void> => {
    await enter(TOKEN);
    await until(`document.querySelectorAll('.camera').length === ${gateway.shown.length}`);
  };

  it('asks for the token, and takes no other', async () => {
    await enter('not-the-token');
    await until("document.querySelector('#door-error').textContent !== ''");
    expect(await textOf('#door-error')).toContain('This is not the admin token.');
    expect(await page.evaluate('document.activeElement.id')).toBe('token');
    expect(await page.evaluate('sessionStorage.length + localStorage.length')).toBe(0);
  });

  it('shows every camera with its masked picture, by keyboard alone', async () => {
    await enterAndSee();
    await until(`document.querySelectorAll('img.picture[src^="blob:"]').length === ${CAMERAS.length}`);
    await until("[...document.querySelectorAll('img.picture')].every((image) => image.naturalWidth === 640)");
    expect(await textOf('#summary')).toBe('2 of 5 cameras masked and shown, zones of 1 wait for acceptance');
    expect(await textOf('.camera:nth-child(1)')).toContain('rtsp://127.0.0.1:8554/lobby');
    expect(await textOf('.camera:nth-child(1)')).toContain('8.1 / 17.1 ms');
    expect(await textOf('.camera:nth-child(3)')).toContain('Cameras are prohibited in this place');
    expect(await textOf('.camera:nth-child(4)')).toContain('rtsp://admin:***@10.0.0.9/1');
  });

  it('says in words what waiting zones would lose, and how they are accepted', async () => {
    await enterAndSee();
    const text = await textOf('.camera:nth-child(2) .pending');
    expect(text).toContain('restroom-door: removed; 8.0 % of the picture would no longer be masked.');
    expect(text).toContain('npx veilgate zones accept corridor-2');
    expect(await page.$eval('.camera:nth-child(1) .pending', (section) => section.hidden as boolean)).toBe(true);
  });

  it('asks nobody but the gateway, and puts the token into no address', async () => {
    await enterAndSee();
    await page.waitForSelector('img.picture[src]');
    const origin = `http://127.0.0.1:${app.port}/`;
    for (const url of requested) expect(url.startsWith(origin) || url.startsWith(`blob:${origin}`), url).toBe(true);
    expect([page.url(), ...requested].join()).not.toContain(TOKEN);
    expect(await page.evaluate('localStorage.length + document.cookie.length')).toBe(0);
  });

  it('follows what cameras do, those that come and those that go', async () => {
    await enterAndSee();
    const [first, ...others] = CAMERAS;
    const withheld: CameraView = { ...first!, state: 'withheld', reason: 'operator' };
    gateway.shown = [{ ...first!, id: 'new-one' }, ...others.slice(1), withheld];
    await until("document.querySelector('.camera:last-child').innerText.includes('Withheld by an operator.')");
    expect(await textOf('.camera:last-child .state')).toBe('Withheld');
    expect(await textOf('.camera:last-child')).toContain('slate only');
    expect(await page.evaluate("[...document.querySelectorAll('.name')].map((name) => name.textContent)")).toEqual([
      'new-one',
      'locker-room',
      'loading-dock',
      'archive',
      'lobby',
    ]);
  });

  it('keeps no picture of a gateway that is gone, and says that it is', async () => {
    await enterAndSee();
    await page.waitForSelector('img.picture[src]');
    await app.listener.close();
    await until("!document.querySelector('#lost').hidden");
    expect(await textOf('#lost')).toContain('The gateway does not answer.');
    await until("!document.querySelector('img.picture[src]')", STALE_PICTURE_MS);
    expect(await textOf('.picture-note')).toContain('No picture.');
    app = await serveApp();
  });

  it('forgets the token and the pictures when told to', async () => {
    await enterAndSee();
    await page.waitForSelector('img.picture[src]');
    await page.focus('#leave');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#token:focus');
    expect(await page.evaluate('sessionStorage.length')).toBe(0);
    expect(await page.$$('.camera')).toEqual([]);
  });

  it('asks again when the token is no longer taken', async () => {
    await enterAndSee();
    await page.evaluate("sessionStorage.setItem('veilgate.token', 'of-yesterday')");
    await page.waitForSelector('#token:focus');
    expect(await page.$$('.camera')).toEqual([]);
  });

  it('shows as text what a camera sends as markup', async () => {
    gateway.shown = [{ ...CAMERAS[3]!, detail: '<img src=x onerror="document.title = 1"><b>bold</b>' }];
    await enterAndSee();
    expect(await textOf('.detail')).toBe('<img src=x onerror="document.title = 1"><b>bold</b>');
    expect(await page.title()).toBe('Veilgate');
  });

  it('is dark for who likes it dark, and fits a telephone', async () => {
    await enterAndSee();
    const ground = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
    const light = await ground();
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }]);
    expect(await ground()).not.toBe(light);
    await page.setViewport({ width: 360, height: 700 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
  });

  it('names everything for who cannot see it', async () => {
    await enterAndSee();
    await page.waitForSelector('img.picture[src]');
    const alternatives = await page.evaluate("[...document.querySelectorAll('img.picture')].map((image) => image.alt)");
    expect(alternatives).toEqual([
      'Masked picture of lobby',
      'Masked picture of corridor-2',
      'locker-room: Cameras are prohibited in this place (Regulation, Art. 15).',
      'loading-dock: The camera refused the connection.',
      'archive: The zones of this camera cannot be read.',
    ]);
    const tree = JSON.stringify(await page.accessibility.snapshot());
    for (const name of ['Forget token', 'Copy', 'lobby']) expect(tree).toContain(`"name":"${name}"`);
  });
});
