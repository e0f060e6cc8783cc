import { describe, expect, it } from 'vitest';
import type { AccessUnit } from '../rtsp/published-stream.js';
import { GopCache, YOUNG_TICKS } from './gop-cache.js';

const unit = (timestamp: number, keyframe = false, bytes = 10): AccessUnit => ({
  data: Buffer.alloc(bytes),
  keyframe,
  timestamp,
});

describe('the cache of the running group of pictures', () => {
  it('begins at a keyframe: what comes before one is of no use to anybody', () => {
    const cache = new GopCache();
    cache.add(unit(0));
    expect(cache.units()).toEqual([]);
    cache.add(unit(1, true));
    cache.add(unit(2));
    expect(cache.units().map((u) => u.timestamp)).toEqual([1, 2]);
  });

  it('starts over with each keyframe', () => {
    const cache = new GopCache();
    for (const u of [unit(0, true), unit(1), unit(2, true), unit(3)]) cache.add(u);
    expect(cache.units().map((u) => u.timestamp)).toEqual([2, 3]);
  });

  it('forgets a group that has grown old, and stays empty until the next keyframe', () => {
    const cache = new GopCache();
    cache.add(unit(0, true));
    cache.add(unit(YOUNG_TICKS + 1));
    cache.add(unit(YOUNG_TICKS + 2));
    expect(cache.units()).toEqual([]);
  });

  it('is bounded in bytes', () => {
    const cache = new GopCache();
    cache.add(unit(0, true, 9 * 1024 * 1024));
    cache.add(unit(1, false, 9 * 1024 * 1024));
    expect(cache.units()).toEqual([]);
  });
});
