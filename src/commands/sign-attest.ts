import { readFile } from 'node:fs/promises';
import { type LoadedSite, loadSite } from '../config/load.js';
import { DEFAULT_SIGN_WORDS } from '../config/schema.js';
import { VeilgateError } from '../errors.js';
import { createLogger } from '../log.js';
import { openJournal } from '../record/journal.js';
import {
  ATTESTED_DAYS,
  type Attestation,
  attestedEvent,
  attestedUntil,
  SignAttestations,
} from '../record/sign-attestations.js';
import { decodePicture } from '../vision/picture.js';
import { openSignReader } from '../vision/sign/open.js';
import type { SignText } from '../vision/sign/read.js';
import { PictureError } from '../vision/vision-error.js';
import type { Output } from './check.js';
import { askGateway, refusalOf } from './gateway-client.js';

export interface SignAttestOptions {
  readonly camera: string;
  readonly photo: string;
  /** Who says that this is the camera's sign. */
  readonly by: string;
  readonly site: string;
  readonly env: NodeJS.ProcessEnv;
  readonly stdout: Output;
  readonly now?: () => Date;
}

/**
 * `veilgate sign attest <camera> <photo> --by NAME --site <site.yaml>`: for a sign that no camera sees. The photo is read as a camera's
 * picture would be; it counts where an expected word is read on it, and for 180 days. The gateway records it where it runs, else this does.
 *
 * Throws SiteFileError, PictureError, VeilgateError `unknown-camera`, `sign-not-read`, `attest-refused`.
 */
export async function runSignAttest(options: SignAttestOptions): Promise<void> {
  const { camera, photo: path, by, env, stdout, now = () => new Date() } = options;
  const loaded = await loadSite(options.site, env);
  const config = loaded.site.cameras.find(({ id }) => id === camera);
  if (!config) {
    const known = loaded.site.cameras.map(({ id }) => id).join(', ');
    throw new VeilgateError('unknown-camera', `${options.site} has no camera "${camera}"; it has: ${known}.`);
  }
  const photo = await readFile(path).catch((cause: unknown) => {
    throw new VeilgateError('photo-unreadable', `${path} cannot be read. Give the path of a photo of the sign.`, {
      cause,
    });
  });
  const sign = await readSign(photo, path, config.sign?.expect ?? DEFAULT_SIGN_WORDS);
  if (!sign)
    throw new VeilgateError(
      'sign-not-read',
      `No expected word was read on ${path}, so it attests nothing. Take the photo from nearer and from the front; where the sign says something else, name its words under "sign: expect:" of ${camera}.`,
    );
  const attestations = new SignAttestations(loaded.site.storage.dir);
  const { text, word, score } = sign;
  const attestation: Attestation = {
    by,
    at: now().toISOString(),
    photo: await attestations.keepPhoto(photo),
    text,
    word,
    score,
  };
  await ((await tellGateway(loaded, camera, attestation, env)) ||
    record(loaded, camera, attestation, attestations, env));
  const until = new Date(attestedUntil(attestation)).toISOString().slice(0, 10);
  stdout.write(
    `${camera}: "${text}" was read on ${path} (${score.toFixed(2)}). Attested by ${by} for ${ATTESTED_DAYS} days, until ${until}.\nPhoto: ${attestations.photoPath(attestation.photo)}\n`,
  );
}

async function readSign(photo: Uint8Array, path: string, expect: readonly string[]): Promise<SignText | null> {
  const picture = await decodePicture(photo).catch((cause: unknown) => {
    throw new PictureError(`${path} is no picture that can be read. Give a photo of the sign: JPEG, PNG, WebP.`, {
      cause,
    });
  });
  await using opened = await openSignReader();
  return (await opened.reader.read(picture, { expect }))[0] ?? null;
}

/** Whether a running gateway recorded it; false where none runs. */
async function tellGateway(
  { site }: LoadedSite,
  camera: string,
  attestation: Attestation,
  env: NodeJS.ProcessEnv,
): Promise<boolean> {
  const path = `/api/v1/cameras/${camera}/sign/attestations`;
  const answer = await askGateway(site, env, { method: 'POST', path, body: attestation });
  if (answer === null) return false;
  if (answer.status === 200) return true;
  const { host, port } = site.server.http;
  throw new VeilgateError(
    'attest-refused',
    `The gateway at ${host}:${port} did not take the attestation: ${refusalOf(answer)}`,
  );
}

/** Where no gateway runs: the same record, kept by this process. */
async function record(
  { site, redactor }: LoadedSite,
  camera: string,
  attestation: Attestation,
  attestations: SignAttestations,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const journal = await openJournal(site, createLogger(redactor, { ...env, VEILGATE_LOG: 'silent' }));
  try {
    await journal.record(attestedEvent(camera, attestation, attestation.by));
    await attestations.add(camera, attestation);
  } finally {
    await journal.close();
  }
}
