import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_SIGN_WORDS } from '../../config/schema.js';
import type { Analyser } from '../analyser.js';
import { decodePicture } from '../picture.js';
import type { WatchedCamera } from '../watched-camera.js';
import { SIGN_EYE } from './sign-eye.js';
import type { SignLook } from './sign-over-time.js';

const SCENE = 'tests/support/signs/surveillance.jpg';
/** The sign hangs there turned by 5.7 degrees: its place, px, once the scene is turned back. */
const UPRIGHT = { degrees: -5.7, left: 444, top: 173, width: 340, height: 126 };
/** Its left four tenths in the scene, px. */
const PART = { left: 418, top: 112, width: 140, height: 150 };
const OTHER = 'tests/support/signs/other.jpg';

describe('looking for a sign by its reference photo', () => {
  let folder: string;
  let eye: Analyser<SignLook | null>;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'veilgate-sign-'));
    // The sign as it hangs in the scene, from the front.
    const upright = await sharp(SCENE).rotate(UPRIGHT.degrees).toBuffer();
    await sharp(upright).extract(UPRIGHT).toFile(join(folder, 'sign.png'));
    eye = await SIGN_EYE.load();
  }, 30_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const camera = (reference: string | null, id = 'lobby'): WatchedCamera => ({
    id,
    place: 'lobby',
    peopleRate: null,
    peopleZones: [],
    sign: { expect: [...DEFAULT_SIGN_WORDS], region: null, within: 600, reference },
  });

  it('knows it again where most of its writing is painted over, and says what share is hidden', async () => {
    const { left, top, width, height } = PART;
    const paint = await sharp({ create: { width, height, channels: 3, background: '#777' } })
      .png()
      .toBuffer();
    const painted = await sharp(SCENE)
      .composite([{ input: paint, left, top }])
      .png()
      .toBuffer();
    const look = await eye.analyse(await decodePicture(painted), camera(join(folder, 'sign.png')));
    expect(look).toMatchObject({ kind: 'looked', sign: null });
    const known = look?.kind === 'looked' ? look.known : null;
    expect(known?.hidden).toBeGreaterThan(0.28);
    expect(known?.hidden).toBeLessThan(0.52);
    expect(known?.box.x).toBeCloseTo(420 / 960, 1);
  });

  it('reads at the next look where it was not known again', async () => {
    const scene = await decodePicture(OTHER);
    const watched = camera(join(folder, 'sign.png'));
    expect(await eye.analyse(scene, watched)).toBeNull();
    expect(await eye.analyse(scene, watched)).toMatchObject({ kind: 'looked', sign: null, known: null });
    // One camera's turn is not another's.
    expect(await eye.analyse(scene, watched)).toBeNull();
    const known = await eye.analyse(await decodePicture(SCENE), camera(join(folder, 'sign.png'), 'yard'));
    expect(known).toMatchObject({ known: { agreement: expect.any(Number) } });
  });

  it('reads on where the photo is of no use, and says why it is not', async () => {
    const look = await eye.analyse(await decodePicture(SCENE), camera(join(folder, 'none.jpg')));
    expect(look).toMatchObject({ sign: { word: '视频监控' }, photoFault: expect.stringContaining('none.jpg') });
    expect(look).not.toHaveProperty('known');
  });

  it('takes up a photo that was replaced under its path, and keeps the one before where the new one is broken', async () => {
    const path = join(folder, 'replaced.png');
    const scene = await decodePicture(SCENE);
    await copyFile(join(folder, 'sign.png'), path);
    const look = () => eye.analyse(scene, camera(path, 'replaced'));
    expect(await look()).toMatchObject({ known: { agreement: expect.any(Number) } });

    await writeFile(path, 'no picture');
    const kept = await look();
    expect(kept).toMatchObject({ known: { agreement: expect.any(Number) } });
    expect(kept).toMatchObject({ photoFault: expect.stringMatching(/replaced\.png.*what the photo showed before/) });

    // Of another sign: this one is not known again by it.
    await sharp(OTHER).extract({ left: 300, top: 100, width: 340, height: 200 }).toFile(path);
    expect(await look()).toBeNull();
    expect(await look()).toMatchObject({ known: null });

    await copyFile(join(folder, 'sign.png'), path);
    const back = await look();
    expect(back).toMatchObject({ known: { agreement: expect.any(Number) } });
    expect(back).not.toHaveProperty('photoFault');

    await rm(path);
    expect(await look()).toMatchObject({ known: expect.anything(), photoFault: expect.stringContaining(path) });
  });

  it('looks twice as often where a photo and reading take turns', () => {
    const voice = { tell: () => undefined, report: () => undefined };
    expect(SIGN_EYE.watch(camera(null), voice)?.periodMs).toBe(600_000);
    expect(SIGN_EYE.watch(camera('sign.png'), voice)?.periodMs).toBe(300_000);
  });
});
