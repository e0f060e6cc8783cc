import { spawn } from 'node:child_process';

export interface Outcome {
  readonly code: number | null;
  /** Standard output and error together. */
  readonly output: string;
}

/** Runs a program to its end, which comes by SIGKILL after `timeoutMs`. */
export const runProgram = (command: string, args: readonly string[], timeoutMs = 30_000): Promise<Outcome> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code, output: Buffer.concat(chunks).toString('utf8') });
    });
  });
