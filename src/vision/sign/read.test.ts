import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_SIGN_WORDS } from '../../config/schema.js';
import { decodePicture } from '../picture.js';
import { type OpenReader, openSignReader } from './open.js';

describe('reading signs', () => {
  let opened: OpenReader;
  beforeAll(async () => {
    opened = await openSignReader();
  }, 30_000);
  afterAll(() => opened[Symbol.asyncDispose]());

  it('reads a surveillance sign, says where it is and how legible', async () => {
    const picture = await decodePicture('tests/support/signs/surveillance.jpg');
    const signs = await opened.reader.read(picture, { expect: DEFAULT_SIGN_WORDS });
    expect(signs).toHaveLength(1);
    const [sign] = signs;
    expect(sign).toMatchObject({ text: '您已进入视频监控区域', word: '视频监控' });
    expect(sign!.score).toBeGreaterThan(0.9);
    expect(sign!.box.x).toBeGreaterThan(0.4);
    expect(sign!.box.y).toBeGreaterThan(0.2);
    expect(sign!.box.x + sign!.box.width).toBeLessThan(0.85);
    expect(sign!.legibility.height).toBeGreaterThan(22);
    expect(sign!.legibility.height).toBeLessThan(34);
    expect(sign!.legibility.contrast).toBeGreaterThan(0.4);
  });

  it('looks nowhere but in the region', async () => {
    const picture = await decodePicture('tests/support/signs/surveillance.jpg');
    const looking = (left: number, right: number) =>
      opened.reader.read(picture, {
        expect: DEFAULT_SIGN_WORDS,
        region: [
          [left, 0],
          [right, 0],
          [right, 0.6],
          [left, 0.6],
        ],
      });
    expect(await looking(0.4, 0.9)).toHaveLength(1);
    expect(await looking(0, 0.35)).toEqual([]);
  });

  it('says nothing of other signs: what is written there is nobody’s business', async () => {
    const picture = await decodePicture('tests/support/signs/other.jpg');
    expect(await opened.reader.read(picture, { expect: DEFAULT_SIGN_WORDS })).toEqual([]);
    expect(await opened.reader.read(picture, { expect: ['安全出口'] })).toMatchObject([{ text: '安全出口' }]);
  });
});
