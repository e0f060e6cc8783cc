import { describe, expect, test } from 'vitest';
import type { Track } from './tracker.js';
import { ZoneWatch } from './zone-watch.js';

const at = (id: number, x: number, isConfirmed = true): Track => ({
  id,
  box: [x - 0.02, 0.3, x + 0.02, 0.6],
  velocity: [0, 0, 0, 0],
  isSeen: true,
  isConfirmed,
});

/** A zone from x 0.4 to 0.6, and what it told. */
const watch = (dwell: number | null = null) => {
  const told: string[] = [];
  const zone = new ZoneWatch(
    [
      [0.4, 0.2],
      [0.6, 0.2],
      [0.6, 0.8],
      [0.4, 0.8],
    ],
    dwell,
    {
      entered: (person) => void told.push(`entered ${person}`),
      dwelling: (person, seconds) => void told.push(`dwelling ${person} ${seconds}`),
      count: (people) => void told.push(`count ${people}`),
    },
  );
  return { zone, told };
};

describe('a watched zone', () => {
  test('tells once of everybody who comes in, and how many are there', () => {
    const { zone, told } = watch();
    for (let i = 0; i <= 20; i++) zone.update([at(1, 0.3 + i * 0.02), at(2, 0.9)], i * 0.5);
    expect(told).toEqual(['entered 1', 'count 1', 'count 0']);
  });

  test('tells of nobody who was seen only once', () => {
    const { zone, told } = watch();
    zone.update([at(1, 0.5, false)], 0);
    expect(told).toEqual([]);
  });

  test('tells once of somebody who stays', () => {
    const { zone, told } = watch(10);
    for (let t = 0; t <= 30; t++) zone.update([at(1, 0.5)], t);
    expect(told).toEqual(['entered 1', 'count 1', 'dwelling 1 10']);
  });

  test('takes somebody who was hidden for a moment for the same stay', () => {
    const { zone, told } = watch(10);
    for (let t = 0; t <= 12; t++) zone.update(t === 5 ? [] : [at(1, 0.5)], t);
    expect(told).toEqual(['entered 1', 'count 1', 'dwelling 1 10']);
    zone.update([], 20);
    zone.update([at(1, 0.5)], 21);
    expect(told.slice(3)).toEqual(['count 0', 'entered 1', 'count 1']);
  });
});
