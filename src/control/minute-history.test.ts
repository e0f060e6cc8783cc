import { describe, expect, it } from 'vitest';
import { KEPT_MINUTES, MinuteHistory } from './minute-history.js';

const MINUTE = 60_000;
const START = Date.parse('2026-03-01T08:00:00Z');

const historyAt = (start = START) => {
  const clock = { now: start };
  return { clock, history: new MinuteHistory(() => clock.now) };
};

describe('the history of a camera', () => {
  it('has a point a minute, with the median, the 99th percentile and pictures a second', () => {
    const { clock, history } = historyAt();
    for (let i = 0; i < 1500; i++) {
      clock.now = START + i * 40;
      history.add(i % 100 === 99 ? 80 : 10 + (i % 2));
    }
    clock.now = START + MINUTE;
    expect(history.points()).toEqual([{ at: START, fps: 25, p50: 11, p99: 80 }]);
  });

  it('tells the present minute as far as it has come', () => {
    const { clock, history } = historyAt();
    for (let i = 0; i < 50; i++) history.add(5);
    clock.now = START + 2000;
    expect(history.points()).toEqual([{ at: START, fps: 25, p50: 5, p99: 5 }]);
    clock.now = START + 3 * MINUTE;
    expect(history.points()).toEqual([{ at: START, fps: 0.8, p50: 5, p99: 5 }]);
  });

  it('has nothing of minutes without a picture, nor of more than a day', () => {
    const { clock, history } = historyAt();
    expect(history.points()).toEqual([]);
    for (let minute = 0; minute < KEPT_MINUTES + 100; minute++) {
      clock.now = START + minute * MINUTE;
      if (minute % 10 !== 3) history.add(minute);
    }
    const points = history.points();
    expect(points).toHaveLength(KEPT_MINUTES * 0.9);
    expect(points[0]!.at).toBe(START + 100 * MINUTE);
    expect(points.at(-1)!.p50).toBe(KEPT_MINUTES + 99);
    clock.now += KEPT_MINUTES * MINUTE;
    expect(history.points()).toEqual([]);
  });

  it('keeps a day and no more, however many minutes come', () => {
    const { clock, history } = historyAt();
    for (let minute = 0; minute < 3 * KEPT_MINUTES; minute++) {
      clock.now = START + minute * MINUTE;
      history.add(1);
    }
    expect(history.points()).toHaveLength(KEPT_MINUTES);
  });

  it('forgets what a clock that was set back makes of later', () => {
    const { clock, history } = historyAt();
    for (const minute of [0, 1, 2, 3]) {
      clock.now = START + minute * MINUTE;
      history.add(minute);
    }
    clock.now = START + MINUTE;
    history.add(7);
    expect(history.points().map(({ at, p50 }) => [(at - START) / MINUTE, p50])).toEqual([
      [0, 0],
      [1, 7],
    ]);
  });
});
