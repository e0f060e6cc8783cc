import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BoxMask } from '../masking/box-mask.js';
import type { SeenPerson } from '../vision/link/messages.js';
import { EVERYBODY, type Zone } from '../zones/zone.js';
import { PeopleSight, touches } from './people-sight.js';

const HZ = 90_000;

const person = (x: number, id = 1, speed = 0): SeenPerson => ({
  id,
  box: [x, 0.4, x + 0.1, 0.6],
  velocity: [speed, 0, speed, 0],
});

/** Notes the boxes that are added. */
class Boxes extends BoxMask {
  readonly added: number[][] = [];

  constructor() {
    super(1000, 1000);
  }

  override clear(): void {
    this.added.length = 0;
    super.clear();
  }

  override add(...edges: [number, number, number, number]): void {
    this.added.push(edges);
    super.add(...edges);
  }

  covers(left: number, right: number): boolean {
    return this.added.some(([l, t, r, b]) => l! <= left && r! >= right && t! <= 0.4 && b! >= 0.6);
  }
}

const sight = (zones: readonly Zone[] = [EVERYBODY]) => {
  const people = new PeopleSight();
  people.useZones(zones);
  return { people, boxes: new Boxes() };
};

describe('where people are', () => {
  test('is not known before anybody looked, after the last look is too old, and after sight was lost', () => {
    const { people, boxes } = sight();
    expect(people.find(0, boxes)).toBe(false);
    people.add(0, [], 500);
    expect(people.find(0.5 * HZ, boxes)).toBe(true);
    expect(people.find(0.51 * HZ, boxes)).toBe(false);
    people.add(HZ, [], 500);
    people.clear();
    expect(people.find(HZ, boxes)).toBe(false);
  });

  test('is not known of a time before the first look, nor where a clock went back', () => {
    const { people, boxes } = sight();
    people.add(10 * HZ, [], 500);
    expect(people.find(0.5 * HZ, boxes)).toBe(false);
    people.add(1 * HZ, [], 500);
    expect(people.find(1 * HZ, boxes)).toBe(true);
    expect(people.find(10 * HZ, boxes)).toBe(false);
  });

  test('is not known after frames went back in time, though something was seen at that time of the clock', () => {
    const { people, boxes } = sight();
    for (let i = 0; i < 10; i++) people.add(i * 0.2 * HZ, [person(0.2)], 500);
    expect(people.find(1.8 * HZ, boxes)).toBe(true);
    expect(people.find(0.5 * HZ, boxes)).toBe(false);
    expect(people.isEmpty).toBe(true);
  });

  test('is both where somebody was and where he should be by now', () => {
    const { people, boxes } = sight();
    people.add(0, [person(0.2, 1, 0.2)], 500);
    people.find(0.5 * HZ, boxes);
    expect(boxes.covers(0.2, 0.3)).toBe(true);
    expect(boxes.covers(0.3, 0.4)).toBe(true);
  });

  test('between two looks is between the two places', () => {
    const { people, boxes } = sight();
    people.add(0, [person(0.2)], 500);
    people.add(0.5 * HZ, [person(0.4)], 500);
    people.find(0.25 * HZ, boxes);
    expect(boxes.covers(0.3, 0.4)).toBe(true);
  });

  test('is known of somebody before he was seen first, where frames are held back', () => {
    const { people, boxes } = sight();
    people.add(0, [], 500);
    people.find(0.25 * HZ, boxes);
    expect(boxes.count).toBe(0);
    people.add(0.4 * HZ, [person(0.2, 1, 0.1)], 500);
    people.find(0.3 * HZ, boxes);
    expect(boxes.covers(0.19, 0.3)).toBe(true);
  });

  test('holds for a while of somebody who is not seen any more', () => {
    const { people, boxes } = sight();
    people.add(0, [person(0.2)], 500);
    people.add(0.4 * HZ, [], 500);
    people.find(0.5 * HZ, boxes);
    expect(boxes.covers(0.2, 0.3)).toBe(true);
    people.add(0.9 * HZ, [], 500);
    people.find(1.2 * HZ, boxes);
    expect(boxes.count).toBe(0);
  });

  test('matters only in zones that mask people', () => {
    const corner = {
      ...EVERYBODY,
      polygon: [
        [0, 0],
        [0.25, 0],
        [0.25, 1],
        [0, 1],
      ] as const,
    };
    const { people, boxes } = sight([corner, { ...EVERYBODY, id: 'all', mask: 'all' as const }]);
    expect(people.isNeeded).toBe(true);
    people.add(0, [person(0.2, 1), person(0.6, 2)], 500);
    people.find(0, boxes);
    expect(boxes.count).toBe(1);
    people.useZones([{ ...EVERYBODY, mask: 'all' }]);
    expect(people.isNeeded).toBe(false);
  });
});

test('a box touches a polygon where they have a point in common', () => {
  const triangle = [
    [0.2, 0.2],
    [0.8, 0.2],
    [0.5, 0.8],
  ] as const;
  const edge = fc.double({ min: 0, max: 1, noNaN: true });
  /** On a grid so fine that only slivers are missed. */
  const sampled = (left: number, top: number, right: number, bottom: number): boolean => {
    for (let i = 0; i <= 60; i++)
      for (let j = 0; j <= 60; j++) {
        const [x, y] = [left + ((right - left) * i) / 60, top + ((bottom - top) * j) / 60];
        const half = 0.3 * (1 - (y - 0.2) / 0.6);
        if (y >= 0.2 && y <= 0.8 && Math.abs(x - 0.5) <= half) return true;
      }
    return false;
  };
  fc.assert(
    fc.property(edge, edge, edge, edge, (a, b, c, d) => {
      const box = [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)] as const;
      if (sampled(...box)) expect(touches(triangle, ...box)).toBe(true);
      const far = [box[0] + 2, box[1], box[2] + 2, box[3]] as const;
      expect(touches(triangle, ...far)).toBe(false);
    }),
  );
});
