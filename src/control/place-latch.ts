import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { SLUG } from '../config/zone-schema.js';
import { VeilgateError } from '../errors.js';
import { replaceFile } from '../replace-file.js';

const latchSchema = z.strictObject({
  format: z.literal(1),
  camera: z.string().regex(SLUG),
  /** When it was recognised, ISO 8601. */
  since: z.iso.datetime(),
  /** What led there, in words. */
  evidence: z.string(),
  /** The place that the site file named, where that led there; null: it was recognised in the picture. */
  declared: z.string().nullable().default(null),
  /** Set: two people say that it is none, for the view that they saw. */
  released: z
    .strictObject({ by: z.string(), approvedBy: z.string(), reason: z.string(), at: z.iso.datetime() })
    .nullable(),
});

/** A camera that was recognised in a prohibited place, or declared to be in one. */
export type PlaceLatch = z.infer<typeof latchSchema>;

export interface Release {
  readonly by: string;
  /** Another person. */
  readonly approvedBy: string;
  readonly reason: string;
}

/** Throws VeilgateError `one-person` where both are the same, `no-reason`. */
export function checkRelease({ by, approvedBy, reason }: Release): void {
  if (by === approvedBy)
    throw new VeilgateError('one-person', 'A prohibited place is released by two different people.');
  if (reason.trim() === '') throw new VeilgateError('no-reason', 'Say why it is no prohibited place.');
}

/**
 * Which cameras are in a prohibited place, across restarts: `<storage.dir>/places/<camera>.json`. What was recognised stays withheld
 * until two people say otherwise, whatever later pictures look like; and so does what was declared, whatever one person makes the site
 * file say later.
 */
export class PlaceLatches {
  readonly #folder: string;
  readonly #now: () => Date;
  /** What could not be written yet; tried again whenever it is asked for. */
  readonly #unwritten = new Map<string, PlaceLatch>();

  constructor(storageDir: string, now: () => Date) {
    this.#folder = join(storageDir, 'places');
    this.#now = now;
  }

  /** null: nothing was recognised. A file that cannot be read counts as recognised. */
  async read(camera: string): Promise<PlaceLatch | null> {
    const unwritten = this.#unwritten.get(camera);
    if (unwritten) return this.#write(unwritten).catch(() => unwritten);
    let text: string;
    try {
      text = await readFile(this.#path(camera), 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      return this.#unreadable(camera);
    }
    try {
      const latch = latchSchema.parse(JSON.parse(text));
      return latch.camera === camera ? latch : this.#unreadable(camera);
    } catch {
      return this.#unreadable(camera);
    }
  }

  /** Withheld from now on, also where the disk does not take it. */
  async close(camera: string, evidence: string, declared: string | null = null): Promise<PlaceLatch> {
    const since = this.#now().toISOString();
    const latch = { format: 1, camera, since, evidence, declared, released: null } as const;
    this.#unwritten.set(camera, latch);
    return this.#write(latch);
  }

  /**
   * Two people say that it is none.
   * @throws VeilgateError `one-person` where they are the same, `no-reason`
   */
  async release(latch: PlaceLatch, release: Release): Promise<PlaceLatch> {
    checkRelease(release);
    return this.#write({ ...latch, released: { ...release, at: this.#now().toISOString() } });
  }

  /** The camera looks elsewhere: what people said of its view does not hold any more. */
  async forget(camera: string): Promise<void> {
    this.#unwritten.delete(camera);
    await rm(this.#path(camera), { force: true });
  }

  async #write(latch: PlaceLatch): Promise<PlaceLatch> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    await replaceFile(this.#path(latch.camera), `${JSON.stringify(latch, null, 2)}\n`);
    this.#unwritten.delete(latch.camera);
    return latch;
  }

  #unreadable(camera: string): PlaceLatch {
    const evidence = `what was kept of it cannot be read: ${this.#path(camera)}`;
    return { format: 1, camera, since: this.#now().toISOString(), evidence, declared: null, released: null };
  }

  #path(camera: string): string {
    return join(this.#folder, `${camera}.json`);
  }
}
