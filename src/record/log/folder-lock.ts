import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { VeilgateError } from '../../errors.js';
import { makeFolder } from './disk.js';

/** Names the process that writes a folder. */
export const LOCK_FILE = 'lock';

/** Which field of /proc/<pid>/stat says when a process began, counted after the name, which may hold anything (proc(5)). */
const START_FIELD = 22 - 3;

/**
 * Keeps a folder to one writing process of this machine: a second one would sign another future of the same log. A lock of a
 * process that is gone, killed or not, is taken over.
 *
 * @returns what gives the folder back.
 * @throws VeilgateError `audit-log-in-use`.
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, LOCK_FILE);
  const own = `${process.pid} ${await startOf(process.pid)}\n`;
  await makeFolder(folder);
  while (!(await tryWrite(path, own))) {
    const [pid, start] = (await readFile(path, 'utf8').catch(() => '')).trim().split(' ');
    if (pid && start && start === (await startOf(Number(pid)))) {
      throw new VeilgateError(
        'audit-log-in-use',
        `${folder} is being written by process ${pid}: stop that one first, or give this one another storage.dir.`,
      );
    }
    await rm(path, { force: true });
  }
  return () => rm(path, { force: true });
}

async function tryWrite(path: string, text: string): Promise<boolean> {
  try {
    await writeFile(path, text, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** When a process began, so that a later one with its number is not taken for it; null where there is none. */
async function startOf(pid: number): Promise<string | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (stat !== null) return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[START_FIELD] ?? null;
  try {
    process.kill(pid, 0);
    return 'running';
  } catch {
    return null;
  }
}
