import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodePicture } from './picture.js';

const create = (channels: 3 | 4, background: sharp.Color) =>
  sharp({ create: { width: 6, height: 4, channels, background } });

describe('decoding a picture', () => {
  it('gives red, green and blue', async () => {
    const { width, height, data } = await decodePicture(await create(3, '#102030').png().toBuffer());
    expect([width, height, ...data.slice(0, 3), data.length]).toEqual([6, 4, 16, 32, 48, 72]);
  });

  it('turns it upright as its EXIF says', async () => {
    const { width, height } = await decodePicture(
      await create(3, 'red').jpeg().withMetadata({ orientation: 6 }).toBuffer(),
    );
    expect([width, height]).toEqual([4, 6]);
  });

  it('takes grey, transparent and 16-bit ones', async () => {
    const grey = await create(3, '#808080').toColourspace('b-w').png().toBuffer();
    expect([...(await decodePicture(grey)).data.slice(0, 3)]).toEqual([128, 128, 128]);
    const clear = await create(4, { r: 255, g: 0, b: 0, alpha: 0 }).png().toBuffer();
    expect([...(await decodePicture(clear)).data.slice(0, 3)]).toEqual([0, 0, 0]);
    const deep = await create(3, '#ff0000').toColourspace('rgb16').png().toBuffer();
    expect([...(await decodePicture(deep)).data.slice(0, 3)]).toEqual([255, 0, 0]);
  });

  it('says what cannot be read, and why', async () => {
    await expect(decodePicture('no/such.jpg')).rejects.toMatchObject({ code: 'picture-unreadable' });
    await expect(decodePicture(Buffer.from('not a picture'))).rejects.toThrow(/cannot be read as a picture/);
    const cut = (await create(3, 'red').jpeg().toBuffer()).subarray(0, 200);
    await expect(decodePicture(cut)).rejects.toThrow(/cannot be read as a picture/);
    const noisy = {
      create: {
        width: 300,
        height: 200,
        channels: 3,
        background: 'red',
        noise: { type: 'gaussian', mean: 128, sigma: 50 },
      },
    } as const;
    const long = await sharp(noisy).jpeg().toBuffer();
    await expect(decodePicture(long.subarray(0, long.length / 3))).rejects.toThrow(
      /damaged or cut short|premature end/i,
    );
  });
});
