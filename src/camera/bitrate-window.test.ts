import { describe, expect, it } from 'vitest';
import { BitrateWindow } from './bitrate-window.js';

describe('BitrateWindow', () => {
  it('tells the rate of each window once, in bits a second', () => {
    const window = new BitrateWindow(1000);
    const rates = [2000, 4000, 5999, 6000, 7000, 11_000].map((now) => window.add(1000, now));
    // 4 kB in 5 s, then 2 kB in 5 s.
    expect(rates).toEqual([null, null, null, 6400, null, 3200]);
  });
});
