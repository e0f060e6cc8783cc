import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file system of its own. Disposing of it unmounts it. */
export interface TinyDisk extends AsyncDisposable {
  readonly path: string;
  /** Takes every byte that is left, or all but so many kilobytes. */
  fill(leave?: number): Promise<void>;
  /** Gives them back. */
  clear(): Promise<void>;
}

/** A disk with room for `kilobytes`, at `at` or in a temporary folder; null where none can be made here: it takes root. */
export async function tinyDisk(kilobytes: number, at?: string): Promise<TinyDisk | null> {
  const path = at ?? (await mkdtemp(join(tmpdir(), 'veilgate-disk-')));
  await mkdir(path, { recursive: true });
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'tmpfs', path]).status === 0;
  const close = async (): Promise<void> => {
    if (mounted) spawnSync('umount', ['-l', path]);
    await rm(path, { recursive: true, force: true });
  };
  if (!mounted) {
    await close();
    return null;
  }
  const ballast = join(path, 'ballast');
  return {
    path,
    async fill(leave = 0) {
      // In pages, so that the last one is taken too.
      const page = Buffer.alloc(4096, 1);
      for (;;) {
        try {
          await writeFile(ballast, page, { flag: 'a' });
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
          break;
        }
      }
      await truncate(ballast, (await stat(ballast)).size - leave * 1024);
    },
    clear: () => rm(ballast, { force: true }),
    [Symbol.asyncDispose]: close,
  };
}
