import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { SLUG } from '../config/zone-schema.js';
import { replaceFile } from '../replace-file.js';
import { type AcceptedView, type ViewStore, ViewStoreError } from './view-store.js';

const viewSchema: z.ZodType<AcceptedView> = z.strictObject({
  camera: z.string().regex(SLUG),
  view: z.base64(),
  acceptedBy: z.string(),
  acceptedAt: z.iso.datetime(),
  // Views that were kept before pictures were.
  picture: z.base64().nullable().default(null),
  pictureRevision: z.int().min(1).nullable().default(null),
});

/** Keeps accepted views in `<storage.dir>/views/<camera>.json`, each replaced as a whole. */
export class FileViewStore implements ViewStore {
  readonly #folder: string;

  /** @param storageDir the site's `storage.dir`; made when first needed. */
  constructor(storageDir: string) {
    this.#folder = join(storageDir, 'views');
  }

  async read(camera: string): Promise<AcceptedView | null> {
    const path = this.#path(camera);
    try {
      const view = viewSchema.parse(JSON.parse(await readFile(path, 'utf8')));
      if (view.camera !== camera) throw new Error(`it is of camera ${view.camera}`);
      return view;
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw new ViewStoreError(
        'view-store-unreadable',
        `The accepted view cannot be read from ${path}, so the camera is withheld. Look at its picture, then run "veilgate zones accept ${camera}".`,
        { cause },
      );
    }
  }

  async write(view: AcceptedView): Promise<void> {
    const path = this.#path(view.camera);
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      await replaceFile(path, `${JSON.stringify(view, null, 1)}\n`);
    } catch (cause) {
      throw this.#unwritable(path, cause);
    }
  }

  async forget(camera: string): Promise<void> {
    const path = this.#path(camera);
    await rm(path, { force: true }).catch((cause: unknown) => {
      throw this.#unwritable(path, cause);
    });
  }

  #unwritable(path: string, cause: unknown): ViewStoreError {
    const { code } = cause as NodeJS.ErrnoException;
    return new ViewStoreError('view-store-unwritable', `${path} cannot be changed (${code}). Check space and rights.`, {
      cause,
    });
  }

  #path(camera: string): string {
    if (!SLUG.test(camera))
      throw new ViewStoreError('view-store-unreadable', `${JSON.stringify(camera)} is not the id of a camera.`);
    return join(this.#folder, `${camera}.json`);
  }
}
