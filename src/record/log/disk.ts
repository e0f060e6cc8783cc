import { copyFile, link, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

/** Whoever may read the log are the gateway and those it is given to. */
const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

/** What `replace` writes before it takes the old file's place. */
export const NEXT_SUFFIX = '.next';

/** A file and its bytes. Paths are relative to the disk's folder, with `/`. */
export type FileToWrite = readonly [path: string, bytes: Uint8Array];

/** What reading a log takes. */
export interface ReadableDisk {
  /** A file's bytes, or null where there is none. */
  read(path: string): Promise<Buffer | null>;
  /** Every file. */
  list(): Promise<string[]>;
}

/** Files that are still there after a crash: each promise resolves when its work would survive one. */
export interface Disk extends ReadableDisk {
  /** Creates or overwrites files, in any order. Until it resolves each may be old, new, torn or missing. */
  write(files: readonly FileToWrite[]): Promise<void>;
  /**
   * Puts one file in place of another: the old one or the new one, never less. A crash may leave `<path>.next`. The old one is kept
   * under the name `keepAs`, where one is given.
   */
  replace(path: string, bytes: Uint8Array, keepAs?: string): Promise<void>;
  /** Ends a `replace` that a crash cut off. */
  finishReplace(path: string): Promise<void>;
  /** Removes files and folders, with all that is in them; those that are gone already are no error. */
  remove(paths: readonly string[]): Promise<void>;
}

/** A folder of the file system. */
export class NodeDisk implements Disk {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  async read(path: string): Promise<Buffer | null> {
    try {
      return await readFile(join(this.#root, path));
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  }

  async list(): Promise<string[]> {
    try {
      const found = await readdir(this.#root, { recursive: true, withFileTypes: true });
      return found
        .filter((entry) => !entry.isDirectory())
        .map(({ parentPath, name }) => relative(this.#root, join(parentPath, name)))
        .sort();
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  }

  async write(files: readonly FileToWrite[]): Promise<void> {
    await settleAll(files.map(([path, bytes]) => this.#writeFile(path, bytes)));
    await this.#syncFoldersOf(files.map(([path]) => path));
  }

  async replace(path: string, bytes: Uint8Array, keepAs?: string): Promise<void> {
    await this.#writeFile(`${path}${NEXT_SUFFIX}`, bytes);
    if (keepAs !== undefined) await this.#keep(path, keepAs);
    await this.finishReplace(path);
  }

  async finishReplace(path: string): Promise<void> {
    const whole = join(this.#root, path);
    await rename(`${whole}${NEXT_SUFFIX}`, whole);
    await syncFolder(dirname(whole));
  }

  async remove(paths: readonly string[]): Promise<void> {
    await settleAll(paths.map((path) => rm(join(this.#root, path), { recursive: true, force: true })));
    await this.#syncFoldersOf(paths);
  }

  /** Gives a file a second name. It may be missing for a moment: the first name is not. */
  async #keep(path: string, keepAs: string): Promise<void> {
    const [from, to] = [join(this.#root, path), join(this.#root, keepAs)];
    await rm(to, { force: true });
    // Not every file system knows second names.
    await link(from, to).catch(() => copyFile(from, to));
  }

  async #syncFoldersOf(paths: readonly string[]): Promise<void> {
    const folders = new Set(paths.map((path) => dirname(join(this.#root, path))));
    await settleAll([...folders].map(syncFolder));
  }

  async #writeFile(path: string, bytes: Uint8Array): Promise<void> {
    const whole = join(this.#root, path);
    const file = await open(whole, 'w', FILE_MODE).catch(async (error: unknown) => {
      if (!isMissing(error)) throw error;
      await makeFolder(dirname(whole));
      return open(whole, 'w', FILE_MODE);
    });
    try {
      await file.writeFile(bytes);
      await file.datasync();
    } finally {
      await file.close();
    }
  }
}

/** Waits for all, also where one fails: nothing is still being written when the failure is answered. */
async function settleAll(tasks: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(tasks)).find(({ status }) => status === 'rejected');
  if (failed) throw (failed as PromiseRejectedResult).reason;
}

/** Makes a folder and those above it, so that a crash leaves them. */
export async function makeFolder(folder: string): Promise<void> {
  const topmost = await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
  if (topmost === undefined) return;
  for (let made = folder; ; made = dirname(made)) {
    await syncFolder(dirname(made));
    if (made === topmost) return;
  }
}

/** Makes the names in a folder survive a crash. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Whether a file is not there; a folder in its way counts as missing too. */
const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
