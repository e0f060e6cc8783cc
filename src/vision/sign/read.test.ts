import sharp from 'sharp';
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

  it('leaves for the next look what one has no time for, and reads all of it where there is time', async () => {
    // A wall of notices, the sign the least of them.
    const notices = Array.from(
      { length: 14 },
      (_, i) =>
        `<text x="30" y="${50 + i * 44}" font-size="34">Notice ${i * 7919}: shelf words of all kinds here</text>`,
    );
    const svg = `<svg width="1280" height="720" font-family="DejaVu Sans"><rect width="1280" height="720" fill="#ddd"/>${notices.join('')}<text x="1050" y="690" font-size="34">CCTV</text></svg>`;
    const picture = await decodePicture(await sharp(Buffer.from(svg)).png().toBuffer());
    expect(await opened.reader.read(picture, { expect: ['CCTV'] })).toMatchObject([{ word: 'CCTV' }]);
    const starts = [0];
    let found: unknown[] = [];
    while (found.length === 0) {
      const { signs, next } = await opened.reader.look(picture, { expect: ['CCTV'] }, starts.at(-1));
      found = signs;
      if (found.length > 0) break;
      expect(next).toBeGreaterThan(starts.at(-1)!);
      starts.push(next);
    }
    expect(starts.length).toBeGreaterThan(2);
    expect(starts.length).toBeLessThan(16);
  });
});
