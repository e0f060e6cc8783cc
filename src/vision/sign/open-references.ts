import { stat } from 'node:fs/promises';
import { decodePicture } from '../picture.js';
import { PictureError } from '../vision-error.js';
import type { WatchedSign } from '../watched-camera.js';
import type { SignReader } from './read.js';
import { SignReference } from './reference.js';

/** What a camera's sign is known again by now. */
export interface ShelvedReference {
  /** null: there was never one of use. */
  readonly reference: SignReference | null;
  /** Why the photo as it is now is of no use; what was read of it before goes on, where there is something. */
  readonly fault: string | null;
}

interface Shelved {
  /** What tells a file from the one that it replaced. */
  readonly stamp: string;
  readonly opened: Promise<ShelvedReference>;
}

/** The reference photos of signs. A photo that is replaced under its path is read anew at the next look. */
export class ReferenceShelf {
  readonly #reader: SignReader;
  readonly #shelved = new Map<string, Shelved>();

  constructor(reader: SignReader) {
    this.#reader = reader;
  }

  /** Never rejects: what cannot be read has a fault. @param path absolute */
  async get(path: string, sign: WatchedSign): Promise<ShelvedReference> {
    const key = JSON.stringify([path, sign.expect]);
    const stamp = await stampOf(path);
    const known = this.#shelved.get(key);
    if (known?.stamp === stamp) return known.opened;
    const opened = this.#open(path, sign, known);
    this.#shelved.set(key, { stamp, opened });
    return opened;
  }

  async #open(path: string, sign: WatchedSign, before: Shelved | undefined): Promise<ShelvedReference> {
    const photo = await openReference(this.#reader, path, sign);
    if (typeof photo !== 'string') return { reference: photo, fault: null };
    const { reference = null } = (await before?.opened) ?? {};
    return { reference, fault: reference ? `${photo}; what the photo showed before still counts` : photo };
  }
}

/** Of a file that is not there: empty. */
const stampOf = async (path: string): Promise<string> => {
  try {
    const { mtimeMs, size, ino } = await stat(path);
    return `${mtimeMs} ${size} ${ino}`;
  } catch {
    return '';
  }
};

/** The reference photo of a camera's sign, or why there is none. */
async function openReference(reader: SignReader, path: string, sign: WatchedSign): Promise<SignReference | string> {
  try {
    const reference = await SignReference.of(await decodePicture(path), reader, sign);
    return reference.isOfUse ? reference : `${path} shows too little to know a sign again by`;
  } catch (error) {
    return error instanceof PictureError ? error.message : String(error);
  }
}
