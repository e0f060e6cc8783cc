import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What Chromium is called on the machines that have it. */
const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** A page of a few megabytes takes a second; a browser that hangs is given up. */
const TIMEOUT_MS = 60_000;

/** Prints a page to PDF where there is a Chromium. @returns whether there is one now */
export async function printPdf(html: string, pdf: string): Promise<boolean> {
  const profile = await mkdtemp(join(tmpdir(), 'veilgate-pdf-'));
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const print = ['--headless', '--disable-gpu', '--no-pdf-header-footer', `--print-to-pdf=${pdf}`];
  const args = [...print, ...sandbox, `--user-data-dir=${profile}`, pathToFileURL(html).href];
  try {
    for (const browser of BROWSERS) {
      try {
        await run(browser, args, { timeout: TIMEOUT_MS });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') continue;
      }
      const made = await stat(pdf).catch(() => null);
      return made !== null && made.size > 0;
    }
    return false;
  } finally {
    await rm(profile, { recursive: true, force: true });
  }
}
