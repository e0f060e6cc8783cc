import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** Milliseconds between asking a process to end and ending it. */
const TERMINATION_MS = 2_000;

/** A program that runs beside a test until it is closed; `await using` closes it whatever happens. */
export interface RunningProcess extends AsyncDisposable {
  readonly child: ChildProcess;
  /** Standard output and error so far. */
  output(): string;
  /** The first match in the output, now or later. Rejects where the program ends or the time is up before. */
  match(pattern: RegExp, timeoutMs?: number): Promise<RegExpExecArray>;
  /** SIGTERM, then SIGKILL; resolves when it has ended. */
  close(): Promise<void>;
}

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts a program. It does not outlive the tests. */
export const startProcess = (
  command: string,
  args: readonly string[],
  options: { readonly env?: NodeJS.ProcessEnv; readonly cwd?: string } = {},
): RunningProcess => {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  const watchers = new Set<() => void>();
  const wake = (): void => {
    for (const watcher of watchers) watcher();
  };
  const ended = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      text += String(error);
      resolve();
    });
    child.once('close', () => resolve());
  });
  let isOver = false;
  running.add(child);
  void ended.then(() => {
    isOver = true;
    running.delete(child);
    wake();
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      wake();
    });
  }
  const close = async (): Promise<void> => {
    if (isOver) return;
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), TERMINATION_MS);
    await ended;
    clearTimeout(timer);
  };
  return {
    child,
    output: () => text,
    match: (pattern, timeoutMs = 30_000) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = pattern.exec(text);
          if (!found && !isOver) return;
          watchers.delete(look);
          clearTimeout(timer);
          if (found) resolve(found);
          else reject(new Error(`${command} ended before ${pattern}:\n${text}`));
        };
        const timer = setTimeout(() => {
          watchers.delete(look);
          reject(new Error(`${command} did not print ${pattern} within ${timeoutMs} ms:\n${text}`));
        }, timeoutMs);
        watchers.add(look);
        look();
      }),
    close,
    [Symbol.asyncDispose]: close,
  };
};

/** Waits for an event that must come soon. */
export const soon = async (emitter: NodeJS.EventEmitter, event: string, timeoutMs = 5_000): Promise<unknown[]> =>
  once(emitter, event, { signal: AbortSignal.timeout(timeoutMs) });
