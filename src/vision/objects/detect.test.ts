import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodePicture, type RgbPicture } from '../picture.js';
import type { Model } from '../runtime.js';
import { ObjectDetector } from './detect.js';

const paint = (width: number, height: number, value: (i: number) => number): RgbPicture => ({
  width,
  height,
  data: Uint8Array.from({ length: width * height * 3 }, (_, i) => value(i)),
});

let state = 1;
const random = (): number => {
  state = (state * 48271) % 0x7fffffff;
  return state & 255;
};

const ODD: Record<string, RgbPicture> = {
  black: paint(640, 360, () => 0),
  white: paint(640, 360, () => 255),
  noise: paint(640, 360, random),
  tiny: paint(16, 16, (i) => i % 256),
  'one pixel': paint(1, 1, () => 128),
  panoramic: paint(2000, 60, (i) => i % 251),
  'a column': paint(40, 1500, (i) => i % 251),
};

describe.each(['nanodet', 'nanodet-int8', 'coco-ssd', 'coco-ssd-int8'])('%s', (name) => {
  let detector: ObjectDetector;
  beforeAll(async () => {
    detector = await ObjectDetector.open({ name });
  });
  afterAll(() => detector[Symbol.asyncDispose]());

  it.each(Object.keys(ODD))('finds next to nothing in a picture that is %s, and stays inside it', async (what) => {
    const found = await detector.detect(ODD[what]!);
    expect(found.length).toBeLessThan(10);
    for (const { box, score } of await detector.detect(ODD[what]!, { least: 0.01 })) {
      expect(score).toBeGreaterThanOrEqual(0.01);
      expect(Math.min(box.x, box.y)).toBeGreaterThanOrEqual(0);
      expect(Math.max(box.x + box.width, box.y + box.height)).toBeLessThanOrEqual(1 + 1e-9);
    }
  });

  it('finds the bed in most bedrooms, and hardly any elsewhere', async (context) => {
    const data = process.env.VEILGATE_DATA ?? '../shared/data';
    if (!existsSync(data)) return context.skip('no VEILGATE_DATA');
    const withBed = async (kind: string): Promise<number> => {
      const folder = join(data, 'scenes/eval', kind);
      let count = 0;
      for (const file of readdirSync(folder).slice(0, 10)) {
        const found = await detector.detect(await decodePicture(join(folder, file)));
        if (found.some(({ label }) => label === 'bed')) count++;
      }
      return count;
    };
    expect(await withBed('bedroom')).toBeGreaterThanOrEqual(6);
    expect(await withBed('kitchen')).toBeLessThanOrEqual(1);
  });
});

describe('a card that does not fit', () => {
  it('is told: labels that are too few, and no word of how to read the answer', async () => {
    await using good = await ObjectDetector.open();
    const { card } = good.model;
    const withCard = (changes: Partial<typeof card>) => () =>
      new ObjectDetector({ card: { ...card, ...changes } } as unknown as Model);
    expect(withCard({ labels: card.labels.slice(1) })).toThrow(/79 labels/);
    expect(withCard({ parameters: {} })).toThrow(/how its answer is read/);
    expect(withCard({ parameters: { ...card.parameters, least: 2 } })).toThrow(/least/);
  });
});
