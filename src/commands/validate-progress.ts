import { Presets, SingleBar } from 'cli-progress';
import type { ProgressOutput } from './mask-progress.js';

/** Without a terminal: a line each time so much more is done, per cent. */
const LINE_EVERY_PERCENT = 10;
/** A terminal is repainted so often at most, a second. */
const REPAINTS = 4;
/** Steps of the bar: its time left is worked out from them. */
const STEPS = 10_000;

/** How far a validation is, with the time that is left. */
export class ValidateProgress {
  readonly #output: ProgressOutput;
  readonly #bar: SingleBar | null;
  readonly #startedAt = performance.now();
  #started = false;
  #next = LINE_EVERY_PERCENT;

  constructor(output: ProgressOutput, what: string) {
    this.#output = output;
    this.#bar = output.isTTY
      ? new SingleBar(
          {
            stream: output as unknown as NodeJS.WritableStream,
            format: `${what} {bar} {percentage} % | {files} of {of} files | {eta_formatted} left`,
            fps: REPAINTS,
            hideCursor: true,
            etaBuffer: 200,
          },
          Presets.shades_classic,
        )
      : null;
  }

  /** @param share of all the work, 0..1 */
  update(share: number, files: number, of: number): void {
    if (this.#bar) {
      if (!this.#started) this.#bar.start(STEPS, 0, { files, of });
      this.#started = true;
      this.#bar.update(Math.round(share * STEPS), { files, of });
      return;
    }
    const percent = Math.floor(share * 100);
    if (percent < this.#next) return;
    const left = ((performance.now() - this.#startedAt) / 1000) * (1 / share - 1);
    this.#output.write(`${percent} % (${files} of ${of} files), ${Math.ceil(left)} s left\n`);
    this.#next = percent - (percent % LINE_EVERY_PERCENT) + LINE_EVERY_PERCENT;
  }

  stop(): void {
    if (this.#started) this.#bar?.stop();
  }
}
