import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { quietEngineLog } from '../camera/engine-log.js';
import { type MaskedFileSummary, maskFile } from '../camera/offline.js';
import type { Environment } from '../config/interpolate.js';
import { loadSite } from '../config/load.js';
import type { CameraConfig, Site } from '../config/site.js';
import { VeilgateError } from '../errors.js';
import { isProhibitedKind } from '../zones/zone.js';
import type { Output } from './check.js';
import { maskProgress, type ProgressOutput } from './mask-progress.js';

export interface MaskOptions {
  /** Path of the file to mask: anything that the video engine reads. */
  readonly input: string;
  /** Path of the MP4 file to make. */
  readonly output: string;
  readonly site: string;
  /** Id of the camera whose zones are burned in. */
  readonly camera: string;
  /** Overwrite the output where it exists. */
  readonly force: boolean;
  /** Values of the site file's `${VAR}`s. */
  readonly env: Environment;
  readonly stdout: Output;
  readonly stderr: ProgressOutput;
  /** Stops it; nothing is written then. */
  readonly signal?: AbortSignal;
}

/**
 * `veilgate mask <in> <out.mp4> --site <site.yaml> --camera <id>`: masks one file, offline, by the stages of a live camera. Progress
 * goes to stderr, one line about the result to stdout.
 *
 * @throws SiteFileError, and VeilgateError: `unknown-camera`, `prohibited-place`, `mask-same-file`, `mask-output-exists`,
 * `mask-output-not-mp4`, `mask-input-missing`, and what `maskFile` throws
 */
export async function runMask(options: MaskOptions): Promise<void> {
  const { input, output, env, stdout, stderr, signal } = options;
  const { site } = await loadSite(options.site, env);
  const camera = findCamera(site, options);
  refuseProhibited(camera);
  await checkFiles(options);
  quietEngineLog();
  const progress = maskProgress(stderr);
  let summary: MaskedFileSummary;
  try {
    summary = await maskFile({
      input,
      output,
      zones: camera.zones,
      codec: camera.output.codec,
      bitrate: camera.output.bitrate,
      hardware: camera.output.hardware === 'auto',
      onProgress: ({ frames, doneMs, totalMs }) => progress.update(frames, doneMs, totalMs),
      ...(signal ? { signal } : {}),
    });
  } finally {
    progress.stop();
  }
  stdout.write(`${output}: ${summarise(summary)}\n`);
  for (const note of notesOn(summary, camera)) stderr.write(`${note}\n`);
}

function findCamera({ cameras }: Site, { camera, site }: MaskOptions): CameraConfig {
  const found = cameras.find(({ id }) => id === camera);
  if (found) return found;
  const known = cameras.map(({ id }) => id).join(', ');
  throw new VeilgateError('unknown-camera', `${site} has no camera "${camera}"; it has: ${known}.`);
}

/** Masking does not make a camera lawful where none may be. */
function refuseProhibited({ id, place }: CameraConfig): void {
  if (!isProhibitedKind(place)) return;
  throw new VeilgateError(
    'prohibited-place',
    `Camera "${id}" is declared to be in a ${place}, where Art. 15 prohibits cameras: no mask makes its pictures lawful, and none are made.`,
  );
}

async function checkFiles({ input, output, force }: MaskOptions): Promise<void> {
  if (extname(output).toLowerCase() !== '.mp4')
    throw new VeilgateError('mask-output-not-mp4', `${output} would be an MP4 file; give it a name that ends in .mp4.`);
  const [from, to] = [await statOrNull(input), await statOrNull(output)];
  if (!from) throw new VeilgateError('mask-input-missing', `${input} cannot be found or read.`);
  if (to?.isDirectory()) throw new VeilgateError('mask-output-exists', `${output} is a folder; name a file in it.`);
  if (to && to.dev === from.dev && to.ino === from.ino)
    throw new VeilgateError(
      'mask-same-file',
      `${output} is the input itself; the masked file needs a name of its own.`,
    );
  if (to && !force)
    throw new VeilgateError('mask-output-exists', `${output} exists; give another name, or --force to overwrite it.`);
}

const statOrNull = (path: string): Promise<Stats | null> => stat(path).catch(() => null);

const summarise = (done: MaskedFileSummary): string =>
  [
    `${done.frames} frames`,
    `${done.width}x${done.height}`,
    `${(done.durationMs / 1000).toFixed(1)} s`,
    `${(done.maskedShare * 100).toFixed(1)} % masked`,
    `${done.frames} self-tests and ${done.decodeBacks} decode-backs passed`,
    done.encoder,
  ].join(', ');

function notesOn({ undecodable, hadAudio }: MaskedFileSummary, { unmasked }: CameraConfig): string[] {
  const notes: string[] = [];
  if (unmasked !== null) notes.push(`Nothing is masked, by intent: ${unmasked}`);
  if (undecodable > 0)
    notes.push(`${undecodable} pictures before the first keyframe could not be decoded by anything.`);
  if (hadAudio) notes.push('The input has sound; it was left out.');
  return notes;
}
