import { Presets, SingleBar } from 'cli-progress';
import type { Output } from './check.js';

/** Without a terminal: a line each time so much more is done, per cent. */
const LINE_EVERY_PERCENT = 10;

/** A terminal is repainted so often at most, a second. */
const REPAINTS = 8;

/** How far a file is, for a person. */
export interface MaskProgress {
  /** @param totalMs null where the input does not say how long it is */
  update(frames: number, doneMs: number, totalMs: number | null): void;
  /** Leaves the terminal as it should be, whether it went well or not. */
  stop(): void;
}

/** A terminal's own output stream, or anything that can be written to. */
export type ProgressOutput = Output & { readonly isTTY?: boolean };

/** A bar with the time that is left on a terminal, plain lines elsewhere. */
export const maskProgress = (output: ProgressOutput): MaskProgress =>
  output.isTTY ? new TerminalProgress(output as unknown as NodeJS.WritableStream) : new LineProgress(output);

class TerminalProgress implements MaskProgress {
  readonly #bar: SingleBar;
  #started = false;

  constructor(stream: NodeJS.WritableStream) {
    this.#bar = new SingleBar(
      {
        stream,
        format: '{bar} {percentage} % | {frames} frames | {eta_formatted} left',
        fps: REPAINTS,
        hideCursor: true,
      },
      Presets.shades_classic,
    );
  }

  update(frames: number, doneMs: number, totalMs: number | null): void {
    const total = totalMs ?? doneMs;
    if (!this.#started) this.#bar.start(total, 0, { frames });
    this.#started = true;
    if (totalMs === null) this.#bar.setTotal(total);
    this.#bar.update(Math.min(doneMs, total), { frames });
  }

  stop(): void {
    if (this.#started) this.#bar.stop();
  }
}

class LineProgress implements MaskProgress {
  readonly #output: Output;
  #next = LINE_EVERY_PERCENT;

  constructor(output: Output) {
    this.#output = output;
  }

  update(frames: number, doneMs: number, totalMs: number | null): void {
    const percent = totalMs === null ? 0 : Math.floor((doneMs * 100) / totalMs);
    if (percent < this.#next) return;
    this.#output.write(`${Math.min(100, percent)} % (${frames} frames)\n`);
    this.#next = percent - (percent % LINE_EVERY_PERCENT) + LINE_EVERY_PERCENT;
  }

  stop(): void {
    // Lines need no cleaning up.
  }
}
