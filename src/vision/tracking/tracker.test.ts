import { describe, expect, test } from 'vitest';
import { type Detection, type Edges, Tracker } from './tracker.js';

const person = (x: number, score = 0.8, y = 0.3): Detection => ({ box: [x, y, x + 0.05, y + 0.2], score });

describe('the tracker', () => {
  test('keeps the names of two who cross', () => {
    const tracker = new Tracker();
    let ids: number[] = [];
    for (let i = 0; i <= 20; i++) {
      const tracks = tracker.update([person(0.2 + 0.02 * i), person(0.6 - 0.02 * i, 0.8, 0.4)], i * 0.2);
      if (i === 0) ids = tracks.map(({ id }) => id);
      if (i === 20) {
        expect(tracks.map(({ id }) => id)).toEqual(ids);
        expect(tracks[0]!.box[0]).toBeCloseTo(0.6, 2);
        expect(tracks[1]!.box[0]).toBeCloseTo(0.2, 2);
      }
    }
  });

  test('learns how fast somebody goes', () => {
    const tracker = new Tracker();
    let velocity: Edges = [0, 0, 0, 0];
    for (let i = 0; i < 12; i++) velocity = tracker.update([person(0.1 + 0.03 * i)], i * 0.5)[0]!.velocity;
    expect(velocity[0]).toBeCloseTo(0.06, 2);
    expect(velocity[1]).toBeCloseTo(0, 2);
  });

  test('holds somebody who is hidden for a second where he must be, and forgets him after that', () => {
    const tracker = new Tracker();
    for (let i = 0; i < 10; i++) tracker.update([person(0.1 + 0.02 * i)], i * 0.2);
    const [held] = tracker.update([], 2.6);
    expect(held).toMatchObject({ id: 1, isSeen: false });
    expect(held!.box[0]).toBeGreaterThan(0.31);
    expect(tracker.update([person(0.1 + 0.02 * 14)], 2.8)[0]!.id).toBe(1);
    expect(tracker.update([], 4.5)).toEqual([]);
  });

  test('gives no name to what is unsure, but keeps one through it', () => {
    const tracker = new Tracker();
    expect(tracker.update([person(0.5, 0.3)], 0)).toEqual([]);
    tracker.update([person(0.5)], 0.2);
    const [same] = tracker.update([person(0.505, 0.25)], 0.4);
    expect(same).toMatchObject({ id: 1, isSeen: true, isConfirmed: true });
  });

  test('carries nothing over where time goes back, as when a file begins anew', () => {
    const tracker = new Tracker();
    tracker.update([person(0.5)], 10);
    expect(tracker.update([], 0.1)).toEqual([]);
    expect(tracker.update([person(0.5)], 0.2)[0]!.id).toBe(2);
  });

  test('of a motionless picture everybody stands still, for as long as it lasts', () => {
    const tracker = new Tracker();
    for (let i = 0; i < 5; i++) tracker.update([person(0.1 + 0.02 * i)], i * 0.2);
    for (let i = 5; i < 100; i++) tracker.still(i * 0.2);
    const [track] = tracker.still(20);
    expect(track!.velocity).toEqual([0, 0, 0, 0]);
    expect(track!.box[0]).toBeCloseTo(0.18, 1);
  });
});
