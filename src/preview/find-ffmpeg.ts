import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The ffmpeg that a shell would run, or null. Looked for by hand, so that what is missing is known before anybody asks for a picture. */
export const findFfmpeg = (path: string | undefined): string | null =>
  (path ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, 'ffmpeg'))
    .find(isProgram) ?? null;

const isProgram = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
};
