import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { SLUG } from '../config/zone-schema.js';
import { VeilgateError } from '../errors.js';
import { replaceFile } from '../replace-file.js';
import type { AuditEvent } from './log/event.js';

/** A person's word is asked for again after this many days: signs fade, fall and are painted over. */
export const ATTESTED_DAYS = 180;
const DAY_MS = 86_400_000;

export const attestationSchema = z.strictObject({
  /** Who took the photo and says that it shows this camera's sign. */
  by: z.string().min(1).max(200),
  /** When it was read, ISO 8601, UTC. */
  at: z.iso.datetime(),
  /** SHA-256 of the photo's bytes; its file is named by it. */
  photo: z.string().regex(/^[0-9a-f]{64}$/),
  /** What was read on it, and the expected word in that. */
  text: z.string().max(500),
  word: z.string().max(200),
  score: z.number().min(0).max(1),
});

/** A sign outside every camera's view, shown by a photo (Regulation, Art. 16). */
export type Attestation = z.output<typeof attestationSchema>;

const fileSchema = z.strictObject({ camera: z.string(), attestations: z.array(attestationSchema) });

/** Until when an attestation counts, ms since 1970. */
export const attestedUntil = ({ at }: Attestation): number => Date.parse(at) + ATTESTED_DAYS * DAY_MS;

/** The entry of an attestation in the audit log. */
export const attestedEvent = (camera: string, attestation: Attestation, actor: string): AuditEvent => ({
  kind: 'sign-attested',
  actor,
  camera,
  data: {
    by: attestation.by,
    photo: attestation.photo,
    text: attestation.text,
    word: attestation.word,
    until: new Date(attestedUntil(attestation)).toISOString(),
  },
});

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/**
 * Attestations of a site in `<storage.dir>/signs`: `<camera>.json`, oldest first, and the photos, named by their hash. Nothing is ever
 * removed: they are records (Regulation, Art. 20).
 */
export class SignAttestations {
  readonly #folder: string;

  /** @param storageDir the site's `storage.dir`; made when first needed */
  constructor(storageDir: string) {
    this.#folder = join(storageDir, 'signs');
  }

  /** Oldest first. @throws VeilgateError `attestations-unreadable` */
  async of(camera: string): Promise<readonly Attestation[]> {
    const path = this.#path(camera);
    try {
      return fileSchema.parse(JSON.parse(await readFile(path, 'utf8'))).attestations;
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw new VeilgateError(
        'attestations-unreadable',
        `${path} cannot be read, so the sign of ${camera} counts as not attested. Run "veilgate sign attest ${camera}" again once it is put aside.`,
        { cause },
      );
    }
  }

  /** Keeps a photo's bytes; the same photo is kept once. Returns its SHA-256. */
  async keepPhoto(photo: Uint8Array): Promise<string> {
    const digest = sha256(photo);
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    await writeFile(this.photoPath(digest), photo, { mode: 0o600, flag: 'wx' }).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
      },
    );
    return digest;
  }

  /** Whether the photo of an attestation is there and is the one that was read. */
  async holds(digest: string): Promise<boolean> {
    const photo = await readFile(this.photoPath(digest)).catch(() => null);
    return photo !== null && sha256(photo) === digest;
  }

  photoPath(digest: string): string {
    return join(this.#folder, `${digest}.photo`);
  }

  async add(camera: string, attestation: Attestation): Promise<void> {
    const attestations = [...(await this.of(camera)), attestation];
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    await replaceFile(this.#path(camera), `${JSON.stringify({ camera, attestations }, null, 1)}\n`);
  }

  #path(camera: string): string {
    if (!SLUG.test(camera))
      throw new VeilgateError('unknown-camera', `${JSON.stringify(camera)} is not the id of a camera.`);
    return join(this.#folder, `${camera}.json`);
  }
}
