import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CLOCK_HZ } from '../rtsp/published-stream.js';
import { Timeline } from './timeline.js';

describe('a stream timeline', () => {
  it('rises strictly, whatever slates, sources, jumps and wraps are put on it', () => {
    const event = fc.oneof(
      fc.record({ kind: fc.constant('slate' as const), wait: fc.integer({ min: 0, max: 5000 }) }),
      fc.record({
        kind: fc.constant('picture' as const),
        wait: fc.integer({ min: 0, max: 5000 }),
        pts: fc.integer({ min: -(2 ** 40), max: 2 ** 40 }),
      }),
      fc.record({ kind: fc.constant('newSource' as const), wait: fc.integer({ min: 0, max: 5000 }) }),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        let now = 0;
        let last = -1;
        const timeline = new Timeline(() => now);
        for (const each of events) {
          now += each.wait;
          if (each.kind === 'newSource') timeline.newSource();
          else {
            const stamp = each.kind === 'slate' ? timeline.present() : timeline.place(each.pts);
            expect(stamp).toBeGreaterThan(last);
            last = stamp;
          }
        }
      }),
    );
  });

  it('keeps the even rhythm of a camera whose network is uneven', () => {
    let now = 0;
    const timeline = new Timeline(() => now);
    const jitter = [0, 12, 3, 18, 1, 25, 7, 2, 19, 4];
    const stamps = Array.from({ length: 100 }, (_, i) => {
      now = i * 40 + jitter[i % jitter.length]!;
      return timeline.place(i * 3600);
    });
    const steps = stamps.slice(1).map((stamp, i) => stamp - stamps[i]!);
    for (const step of steps) expect(Math.abs(step - 3600)).toBeLessThan(10);
  });

  it('follows a camera clock that runs fast or slow instead of leaving the present', () => {
    let now = 0;
    const timeline = new Timeline(() => now);
    let stamp = 0;
    for (let i = 0; i < 25 * 600; i++) {
      now = i * 40;
      stamp = timeline.place(Math.round(i * 3600 * 1.001));
    }
    expect(Math.abs(stamp - (now * CLOCK_HZ) / 1000)).toBeLessThan(CLOCK_HZ / 10);
  });

  it('brings a source that jumps back to the present', () => {
    let now = 0;
    const timeline = new Timeline(() => now);
    timeline.place(0);
    now = 40;
    const stamp = timeline.place(900_000_000);
    expect(stamp).toBe(3600);
  });
});
