import type { Analyser, Eye, Voice, Watch, WatchedCamera } from '../analyser.js';
import { decodePicture, type RgbPicture } from '../picture.js';
import { openSignReader } from './open.js';
import type { SignReader } from './read.js';
import type { SignLook } from './sign-over-time.js';

/** The largest picture that there is: a sign is small in it. */
const SIDE = 1920;
/** Pixels apart, across and down, that light is measured at. */
const LIGHT_STEP = 8;

/** Looks for signs in raw pictures, since one may hang in a masked zone: what was read of it comes out, and nothing else of the picture. */
export const SIGN_EYE: Eye<SignLook> = {
  name: 'sign',
  async load(): Promise<Analyser<SignLook>> {
    const { reader } = await openSignReader();
    const references = new Map<string, string | null>();
    return {
      side: SIDE,
      async analyse(picture, camera) {
        const path = camera.sign?.reference ?? null;
        if (path !== null && !references.has(path)) references.set(path, await readReference(reader, path, camera));
        return lookForSign(reader, picture, camera, (path && references.get(path)) ?? undefined);
      },
    };
  },
  watch({ id, sign }: WatchedCamera, voice: Voice): Watch<SignLook> | null {
    if (!sign) return null;
    return {
      periodMs: sign.within * 1000,
      // Light may have changed, and a sign is looked for seldom.
      ifMoved: false,
      seen: (look) => voice.report({ type: 'sign', camera: id, look }),
      still: () => undefined,
    };
  },
};

/** What the reference photo of a camera's sign says; null where nothing expected is read on it, or there is no such photo. */
async function readReference(reader: SignReader, path: string, { sign }: WatchedCamera): Promise<string | null> {
  const photo = await decodePicture(path).catch(() => null);
  if (!photo || !sign) return null;
  return (await reader.read(photo, { expect: sign.expect }))[0]?.text ?? null;
}

/** One look at a picture. @param expected what the sign's reference photo says */
export async function lookForSign(
  reader: SignReader,
  picture: RgbPicture,
  { sign }: WatchedCamera,
  expected?: string,
): Promise<SignLook> {
  const light = lightOf(picture);
  if (!sign) return { kind: 'unable', why: 'no sign is looked for' };
  const [best] = await reader.read(picture, sign);
  const reference = expected === undefined ? {} : { expected };
  if (!best) return { kind: 'looked', light, sign: null, ...reference };
  const { text, word, score, box, legibility } = best;
  return { kind: 'looked', light, sign: { text, word, score, box, legibility }, ...reference };
}

/** Mean luma of a picture, 0 to 1. */
export function lightOf({ width, height, data }: RgbPicture): number {
  let sum = 0;
  let count = 0;
  for (let y = 0; y < height; y += LIGHT_STEP) {
    for (let x = 0; x < width; x += LIGHT_STEP, count++) {
      const i = (y * width + x) * 3;
      sum += 0.299 * data[i]! + 0.587 * data[i + 1]! + 0.114 * data[i + 2]!;
    }
  }
  return count === 0 ? 0 : sum / count / 255;
}
