import { describe, expect, test } from 'vitest';
import { Schedule } from './schedule.js';

/** Serves whatever is due for `forMs`, one look at a time of `lookMs` each; how often each key was looked at. */
function serve(schedule: Schedule<string>, forMs: number, lookMs: number): Record<string, number> {
  const looks: Record<string, number> = {};
  for (let now = 0; now < forMs; ) {
    const key = schedule.take(now);
    if (key === null) {
      now += Math.max(1, schedule.wait(now));
      continue;
    }
    looks[key] = (looks[key] ?? 0) + 1;
    now += lookMs;
    schedule.back(key);
  }
  return looks;
}

describe('the schedule', () => {
  test('looks at everything as often as was asked where there is time', () => {
    const schedule = new Schedule<string>();
    schedule.set('two a second', 500, 0);
    schedule.set('every two seconds', 2000, 0);
    expect(serve(schedule, 10_000, 10)).toEqual({ 'two a second': 20, 'every two seconds': 5 });
  });

  test('gives every camera the same where there is too much to do', () => {
    const schedule = new Schedule<string>();
    for (const camera of ['a', 'b', 'c']) schedule.set(camera, 40, 0);
    const looks = serve(schedule, 30_000, 50);
    for (const camera of ['a', 'b', 'c']) expect(looks[camera]).toBeCloseTo(200, -1);
  });

  test('starves no rare look for frequent ones, however much there is to do', () => {
    const schedule = new Schedule<string>();
    for (let i = 0; i < 20; i++) schedule.set(`camera ${i}`, 40, 0);
    schedule.set('sign', 5000, 0);
    expect(serve(schedule, 60_000, 50).sign).toBeGreaterThanOrEqual(9);
  });

  test('takes nothing out twice, and what is hurried at once', () => {
    const schedule = new Schedule<string>();
    schedule.set('a', 1000, 0);
    expect(schedule.take(0)).toBe('a');
    expect(schedule.take(5000)).toBeNull();
    schedule.back('a');
    expect(schedule.take(500)).toBeNull();
    schedule.hurry('a', 500);
    expect(schedule.take(500)).toBe('a');
  });
});
