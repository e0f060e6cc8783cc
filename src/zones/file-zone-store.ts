import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { SLUG, zonesSchema } from '../config/zone-schema.js';
import { replaceFile } from '../replace-file.js';
import type { ZoneRevision } from './revision.js';
import { type ZoneStore, ZoneStoreError } from './zone-store.js';

const revisionSchema: z.ZodType<ZoneRevision> = z.strictObject({
  camera: z.string().regex(SLUG),
  revision: z.int().min(1),
  zones: zonesSchema,
  unmasked: z.string().nullable(),
  geometry: z.strictObject({ width: z.int().min(1), height: z.int().min(1) }).nullable(),
  acceptedBy: z.string(),
  acceptedAt: z.iso.datetime(),
  source: z.enum(['site-file', 'api', 'cli']),
  fileDigest: z.string().nullable(),
});

/** One camera's file. `digest` is the SHA-256 of `JSON.stringify(revisions)`: what was cut or edited is not taken for zones. */
const fileSchema = z.strictObject({
  format: z.literal(1),
  camera: z.string(),
  digest: z.string(),
  revisions: z.array(z.unknown()).min(1),
});

/**
 * Keeps zone revisions in `<storage.dir>/zones/<camera>.json`, one file a camera, replaced as a whole: written beside, flushed,
 * renamed, folder flushed. One process writes; within it, appends of a camera wait for each other.
 */
export class FileZoneStore implements ZoneStore {
  readonly #folder: string;
  readonly #appending = new Map<string, Promise<unknown>>();

  /** @param storageDir the site's `storage.dir`; made when first needed. */
  constructor(storageDir: string) {
    this.#folder = join(storageDir, 'zones');
  }

  async history(camera: string): Promise<readonly ZoneRevision[]> {
    const path = this.#path(camera);
    const text = await readIfThere(path);
    return text === null ? [] : parseHistory(text, camera, path);
  }

  async current(camera: string): Promise<ZoneRevision | null> {
    return (await this.history(camera)).at(-1) ?? null;
  }

  async append(revision: ZoneRevision): Promise<void> {
    const { camera } = revision;
    const before = this.#appending.get(camera) ?? Promise.resolve();
    const mine = before.catch(() => undefined).then(() => this.#append(revision));
    this.#appending.set(camera, mine);
    try {
      await mine;
    } finally {
      if (this.#appending.get(camera) === mine) this.#appending.delete(camera);
    }
  }

  async #append(revision: ZoneRevision): Promise<void> {
    const { camera } = revision;
    const history = await this.history(camera);
    const next = history.length + 1;
    if (revision.revision !== next) {
      throw new ZoneStoreError(
        'zone-store-conflict',
        `Zone revision ${revision.revision} of camera ${camera} cannot follow revision ${history.length}: the zones were changed meanwhile. Look at them again, then repeat.`,
      );
    }
    const revisions = [...history, revision];
    const text = JSON.stringify({ format: 1, camera, digest: digestOf(revisions), revisions }, null, 1);
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      await replaceFile(this.#path(camera), `${text}\n`);
    } catch (cause) {
      throw new ZoneStoreError(
        'zone-store-unavailable',
        `Zone revision ${next} of camera ${camera} cannot be written below ${this.#folder} (${(cause as NodeJS.ErrnoException).code}); the zones before stay in force. Check space and rights.`,
        { cause },
      );
    }
  }

  #path(camera: string): string {
    if (!SLUG.test(camera)) {
      throw new ZoneStoreError('zone-store-unavailable', `${JSON.stringify(camera)} is not the id of a camera.`);
    }
    return join(this.#folder, `${camera}.json`);
  }
}

const readIfThere = async (path: string): Promise<string | null> => {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return null;
    throw new ZoneStoreError(
      'zone-store-unavailable',
      `The zones in force cannot be read from ${path} (${code}). Check that it is a file that the gateway may read.`,
      { cause },
    );
  }
};

const parseHistory = (text: string, camera: string, path: string): ZoneRevision[] => {
  const corrupt = (what: string, cause?: unknown) =>
    new ZoneStoreError(
      'zone-store-corrupt',
      `${path} ${what}, so it is not known which zones are in force. Restore it from a backup; or move it away, and the zones of the site file are taken as they are now.`,
      { cause },
    );
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw corrupt('is cut short or damaged', cause);
  }
  const file = fileSchema.safeParse(json);
  if (!file.success) throw corrupt('is not a zone history', file.error);
  if (file.data.digest !== digestOf(file.data.revisions)) throw corrupt('was changed by something else');
  const revisions = z.array(revisionSchema).safeParse(file.data.revisions);
  if (!revisions.success) throw corrupt('holds zones that this version cannot read', revisions.error);
  const inOrder = revisions.data.every((entry, index) => entry.revision === index + 1 && entry.camera === camera);
  if (!inOrder) throw corrupt('has gaps, or belongs to another camera');
  return revisions.data;
};

const digestOf = (revisions: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(revisions)).digest('hex');
