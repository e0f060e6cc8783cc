import type { Analyser, Eye, Voice, Watch } from '../analyser.js';
import type { RgbPicture } from '../picture.js';
import type { WatchedCamera, WatchedSign } from '../watched-camera.js';
import { openSignReader } from './open.js';
import { ReferenceShelf } from './open-references.js';
import type { SignText } from './read.js';
import type { SignLook } from './sign-over-time.js';

/** The largest picture that there is: a sign is small in it. */
const SIDE = 1920;
type Looked = Extract<SignLook, { kind: 'looked' }>;

/** Pixels apart, across and down, that light is measured at. */
const LIGHT_STEP = 8;

/**
 * Looks for signs in raw pictures, since one may hang in a masked zone: what was read of it comes out, and nothing else of the picture.
 * Where there is a reference photo, a look is for that, and the next one reads where it was not known again: neither then takes long.
 */
export const SIGN_EYE: Eye<SignLook | null> = {
  name: 'sign',
  async load(): Promise<Analyser<SignLook | null>> {
    const { reader } = await openSignReader();
    const references = new ReferenceShelf(reader);
    /** Cameras whose sign was not known again at the look before. */
    const toRead = new Set<string>();
    /** Of each camera, how many of the likeliest lines the next look leaves out: more than one look has time for are in its picture. */
    const from = new Map<string, number>();
    const read = async (picture: RgbPicture, id: string, sign: WatchedSign, expected?: string): Promise<Looked> => {
      const start = from.get(id) ?? 0;
      const { signs, next } = await reader.look(picture, sign, start);
      // Where it was read once it is looked for again.
      from.set(id, signs.length > 0 ? start : next);
      return lookOf(picture, signs[0], expected);
    };
    return {
      side: SIDE,
      async analyse(picture, { id, sign }) {
        if (!sign) return { kind: 'unable', why: 'no sign is looked for' };
        const { reference: path } = sign;
        if (path === null) return read(picture, id, sign);
        const { reference, fault } = await references.get(path, sign);
        const photo = fault === null ? {} : { photoFault: fault };
        if (reference === null) return { ...(await read(picture, id, sign)), ...photo };
        if (toRead.delete(id)) return { ...(await read(picture, id, sign, reference.text)), known: null, ...photo };
        const known = reference.find(picture, sign.region);
        if (known) return { kind: 'looked', light: lightOf(picture), sign: null, known, ...photo };
        toRead.add(id);
        return null;
      },
    };
  },
  watch({ id, sign }: WatchedCamera, voice: Voice): Watch<SignLook | null> | null {
    if (!sign) return null;
    return {
      periodMs: (sign.within * 1000) / (sign.reference === null ? 1 : 2),
      // Light may have changed, and a sign is looked for seldom.
      ifMoved: false,
      seen: (look) => look && voice.report({ type: 'sign', camera: id, look }),
      still: () => undefined,
    };
  },
};

/** @param expected what the sign's reference photo says */
function lookOf(picture: RgbPicture, best: SignText | undefined, expected: string | undefined): Looked {
  const light = lightOf(picture);
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
