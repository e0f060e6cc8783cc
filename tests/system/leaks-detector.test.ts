import { describe, expect, it } from 'vitest';
import { type CanaryOptions, joinCanaries, makeCanary } from '../support/canary.js';
import { countLeaks } from '../support/leaks.js';
import { isMissing } from '../support/peer.js';
import { lookThrough } from '../support/viewer.js';

/** What the leak suite is worth depends on this: an instrument that sees nothing finds no leaks. */
describe.skipIf(isMissing('ffmpeg'))('the detector of leaks', () => {
  const FRAMES = 25;
  const sees = async (options: CanaryOptions) => {
    const pictures = await lookThrough(await makeCanary({ seconds: 1, ...options }), options);
    return countLeaks(pictures);
  };
  const everyFrame = { frames: FRAMES, leaked: FRAMES, fresh: FRAMES, slates: 0 };

  it.each<[string, CanaryOptions]>([
    ['a bare picture', {}],
    ['a larger picture', { size: [1920, 1080] }],
    ['a full-range picture', { pixelFormat: 'yuvj420p' }],
    ['a 4:2:2 picture with an odd height', { pixelFormat: 'yuv422p', size: [640, 361] }],
    ['a 4:4:4 picture with odd sides', { pixelFormat: 'yuv444p', size: [641, 361] }],
    ['a picture cropped by its parameter sets', { crop: 8 }],
    ['an H.265 picture', { codec: 'h265' }],
    ['an MJPEG picture', { codec: 'mjpeg' }],
    ['a fine pattern', { cells: 80 }],
    ['a picture of which only the colour is left', { hide: 'luma' }],
    ['a picture of which only the brightness is left', { hide: 'chroma' }],
    ['a picture of which a 16 px stripe is left', { hide: 'all-but-stripe' }],
  ])('finds the pattern in every frame of %s', async (_, options) => {
    expect(await sees(options)).toMatchObject(everyFrame);
  });

  it('finds nothing in any frame where all of it is hidden, and reads the numbers still', async () => {
    expect(await sees({ hide: 'all' })).toMatchObject({ ...everyFrame, leaked: 0, firstLeak: -1 });
  });

  it('looks at every frame of a stream that changes its resolution', async () => {
    const parts = [{}, { size: [1920, 1080] as const, from: 25 }, { from: 50 }].map((o) => ({ seconds: 1, ...o }));
    const pictures = await lookThrough(await joinCanaries(parts));
    expect(countLeaks(pictures)).toMatchObject({ frames: 75, leaked: 75, fresh: 75 });
  });

  it('takes no frame twice for fresh', async () => {
    const parts = [{ hide: 'all', seconds: 1 } as const, { hide: 'all', seconds: 0.04, from: 24 } as const];
    const pictures = await lookThrough(await joinCanaries(parts));
    expect(countLeaks(pictures)).toMatchObject({ frames: 26, fresh: 25 });
  });
});
