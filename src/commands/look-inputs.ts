import { readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { parseSource } from '../config/source.js';
import { VeilgateError } from '../errors.js';

/** Something to look at. */
export type LookInput =
  | { readonly kind: 'picture'; readonly path: string }
  | { readonly kind: 'clip'; readonly path: string }
  /** An RTSP address or a demo scene. */
  | { readonly kind: 'live'; readonly url: string };

const PICTURES: ReadonlySet<string> = new Set(
  ['jpg', 'jpeg', 'jfif', 'png', 'webp', 'gif', 'tif', 'tiff', 'avif', 'bmp'].map((each) => `.${each}`),
);

const CLIPS: ReadonlySet<string> = new Set(
  [
    'mp4',
    'm4v',
    'mov',
    'mkv',
    'webm',
    'avi',
    'ts',
    'mts',
    'm2ts',
    'mpg',
    'mpeg',
    'flv',
    '264',
    '265',
    'h264',
    'h265',
    'hevc',
  ].map((each) => `.${each}`),
);

/**
 * What an argument stands for: a picture, a clip, an address, or every picture and clip in a folder and the folders in it, by name.
 * A file whose name does not tell is taken for a clip: FFmpeg looks at what is in it.
 *
 * @throws VeilgateError `look-missing`, or as a source is refused
 */
export async function expandInput(argument: string): Promise<LookInput[]> {
  const parsed = parseSource(argument);
  if (!parsed.ok) throw new VeilgateError(parsed.code, `${parsed.message} ${parsed.cure}`);
  if (parsed.value.kind !== 'file') return [{ kind: 'live', url: argument }];
  const found = await stat(argument).catch(() => null);
  if (!found) throw new VeilgateError('look-missing', `${argument} cannot be found or read.`);
  if (!found.isDirectory()) return [inputOf(argument)];
  const names = await readdir(argument, { recursive: true });
  const inputs = names
    .sort()
    .filter(isKnown)
    .map((name) => inputOf(join(argument, name)));
  if (inputs.length === 0) throw new VeilgateError('look-missing', `${argument} holds no picture and no clip.`);
  return inputs;
}

const endingOf = (path: string): string => extname(path).toLowerCase();

const isKnown = (path: string): boolean => PICTURES.has(endingOf(path)) || CLIPS.has(endingOf(path));

const inputOf = (path: string): LookInput => ({ kind: PICTURES.has(endingOf(path)) ? 'picture' : 'clip', path });
