import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * Puts a text in a file's place as a whole: written beside, flushed, renamed, folder flushed. A reader finds the old text or the new
 * one, and once it resolves the new one survives a power cut. Private to its owner unless `mode` says otherwise. The folder must exist.
 *
 * Throws what the file system throws; nothing is left beside the file then.
 */
export const replaceFile = async (path: string, text: string | Uint8Array, mode = 0o600): Promise<void> => {
  const folder = dirname(path);
  const beside = join(folder, `.${basename(path)}.${randomUUID()}.tmp`);
  try {
    await using file = await open(beside, 'wx', 0o600);
    await file.chmod(mode);
    await file.writeFile(text);
    await file.sync();
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
  await using directory = await open(folder, 'r');
  await directory.sync();
};
