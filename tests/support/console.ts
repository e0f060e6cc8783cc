import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';
import type { TestGateway } from './gateway.js';

/** Not easily guessed. */
const PASSWORD = 'seven slow herons over Lugano';

/** Debian's. */
export const launchChromium = (): Promise<Browser> =>
  chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });

/** What a pixel of a video is of: a mask is black, a slate is dark, and the lobby is bright where it is looked at. */
export type Look = 'mask' | 'slate' | 'picture';

/** One person's browser with the console in it. */
export class ConsoleVisit {
  /** What the page complained of; none is expected. */
  readonly complaints: string[] = [];
  readonly requested: string[] = [];

  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
    readonly origin: string,
  ) {
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('console', (message) => {
      // Chromium notes every answer of 4xx and every lost connection by itself.
      if (message.type() === 'error' && !/Failed to load resource|WebSocket/.test(message.text()))
        this.complaints.push(message.text());
    });
    page.on('request', (request) => this.requested.push(request.url()));
    page.on('websocket', (socket) => this.requested.push(socket.url().replace(/^ws/, 'http')));
  }

  static async begin(browser: Browser, origin: string): Promise<ConsoleVisit> {
    const context = await browser.newContext({
      viewport: { width: 1400, height: 950 },
      locale: 'en-GB',
      colorScheme: 'light',
    });
    return new ConsoleVisit(context, await context.newPage(), origin);
  }

  /** Ends it, and holds the page to having complained of nothing. */
  async end(): Promise<void> {
    await this.context.close();
    expect(this.complaints).toEqual([]);
  }

  chooseToken(): Promise<void> {
    return this.page.getByRole('button', { name: /Use the admin token|使用管理令牌/ }).click();
  }

  async signIn(token: string): Promise<void> {
    await this.page.goto(this.origin);
    await this.chooseToken();
    await this.page.locator('#token').fill(token);
    await this.page.keyboard.press('Enter');
    await this.page.locator('nav').waitFor();
  }

  /** Makes the first account by the link that the gateway printed. */
  async setUp(gateway: TestGateway, name: string): Promise<void> {
    // Printed once the store was read, which may be after the gateway is ready.
    const [, secret] = await gateway.process.match(/#\/setup\/(\S+)/);
    await this.page.goto(`${this.origin}/#/setup/${secret}`);
    await this.page.getByLabel('Name').fill(name);
    await this.page.getByLabel('Password').fill(PASSWORD);
    await this.page.keyboard.press('Enter');
    await this.page.locator('nav').waitFor();
  }

  /** Follows an invitation. */
  async follow(link: string): Promise<void> {
    await this.page.goto(link);
    await this.page.getByLabel('Password').fill(PASSWORD);
    await this.page.keyboard.press('Enter');
    await this.page.locator('nav').waitFor();
  }

  async open(path: string): Promise<void> {
    await this.page.evaluate(`location.hash = ${JSON.stringify(`#/${path}`)}`);
    await this.page.locator('h1').waitFor();
  }

  /** Red, green, blue of a point of a video, picture or canvas, as it is on the screen. */
  pixel(selector: string, [x, y]: readonly [number, number]): Promise<readonly number[]> {
    // As text: what runs in the page is of another world than what runs here, in its types too.
    return this.page.evaluate(`(() => {
      const video = document.querySelector(${JSON.stringify(selector)});
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [
        video.videoWidth || video.naturalWidth || video.width || 1,
        video.videoHeight || video.naturalHeight || video.height || 1,
      ];
      const painter = canvas.getContext('2d');
      painter.drawImage(video, 0, 0);
      return [...painter.getImageData(${x} * canvas.width, ${y} * canvas.height, 1, 1).data.slice(0, 3)];
    })()`);
  }

  becomes(selector: string, at: readonly [number, number], wanted: Look): Promise<void> {
    const look = async () => lookOf(await this.pixel(selector, at));
    return expect.poll(look, { timeout: 20_000, interval: 30 }).toBe(wanted);
  }

  /** What axe finds against WCAG 2.2 AA, each with what it is of. */
  async findings(): Promise<string[]> {
    const axe = new AxeBuilder({ page: this.page });
    const { violations } = await axe.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze();
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  }
}

export const lookOf = (colour: readonly number[]): Look => {
  const brightest = Math.max(...colour);
  return brightest < 20 ? 'mask' : brightest < 60 ? 'slate' : 'picture';
};
