import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { LookOptions } from './look.js';

/** What is asked for, without the streams and the environment that a child inherits. */
export type LookOrder = Pick<LookOptions, 'inputs' | 'json' | 'only' | 'detector' | 'every' | 'most'>;

/**
 * ONNX Runtime (1.30) puts the process's command line through a regular expression that recurses: 30 kB of it, some 500 files, overflow the stack.
 * Bytes, well below that.
 */
const LONGEST_COMMAND_LINE = 8192;

export const isCommandLineLong = (argv: readonly string[] = process.argv): boolean =>
  argv.reduce((sum, each) => sum + Buffer.byteLength(each) + 1, 0) > LONGEST_COMMAND_LINE;

/** `runLook` in a process whose command line is short. @returns its exit status; 1 where it was ended */
export async function lookApart(order: LookOrder): Promise<number> {
  const child = fork(fileURLToPath(new URL('./look-process.js', import.meta.url)), { stdio: 'inherit' });
  child.send(order);
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}
