import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AccessUnit } from '../rtsp/published-stream.js';
import { LINGER_MS, MaskedStream, SLATE_FPS } from './masked-stream.js';
import type { Slate } from './slate.js';
import { Timeline } from './timeline.js';

const slate = (name: string): Slate => ({
  width: 1280,
  height: 720,
  keyframes: [Buffer.from(`${name}-0`), Buffer.from(`${name}-1`)],
  jpeg: Buffer.alloc(0),
});

const picture = (name: string, keyframe: boolean, pts: number) => ({
  data: Buffer.from(name),
  keyframe,
  pts,
  width: 640,
  height: 360,
});

const setUp = () => {
  const asked: string[] = [];
  const stream = new MaskedStream('cam', 'h264', new Timeline(() => performance.now()), {
    demand: (wanted) => asked.push(wanted ? 'wake' : 'sleep'),
    keyframe: () => asked.push('keyframe'),
  });
  const watch = () => {
    const seen: AccessUnit[] = [];
    const leave = stream.join((unit) => seen.push(unit), { flush: (done) => done(), end: () => undefined });
    return { seen, leave, names: () => seen.map(({ data }) => data.toString()) };
  };
  return { stream, asked, watch };
};

describe('a masked stream', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('shows a newcomer the slate at once, and again and again, as two keyframes in turn', () => {
    const { stream, watch } = setUp();
    stream.showSlate(slate('s'));
    const viewer = watch();
    vi.advanceTimersByTime(1000);
    expect(viewer.seen.length).toBeGreaterThanOrEqual(SLATE_FPS);
    expect(new Set(viewer.names())).toEqual(new Set(['s-0', 's-1']));
    expect(viewer.seen.every(({ keyframe }) => keyframe)).toBe(true);
    viewer.names().forEach((name, i, all) => {
      if (i > 0) expect(name).not.toBe(all[i - 1]);
    });
    stream.close();
  });

  it('is described with the rate of its source, also where that was learnt after the slate', async () => {
    const { stream } = setUp();
    stream.showSlate(slate('s'));
    expect((await stream.describe()).frameRate).toBeUndefined();
    stream.frameRate = 12.5;
    expect((await stream.describe()).frameRate).toBe(12.5);
    stream.frameRate = null;
    expect((await stream.describe()).frameRate).toBeUndefined();
    stream.close();
  });

  it('lets no picture pass once it was told of a slate, also of the one that is up already', () => {
    const { stream, watch } = setUp();
    const up = slate('s');
    stream.showSlate(up);
    const viewer = watch();
    stream.showPictures();
    stream.showSlate(up);
    expect(stream.publish(picture('k1', true, 0))).toBe(false);
    expect(viewer.names()).not.toContain('k1');
    stream.close();
  });

  it('keeps no picture for late joiners that may not be shown any more', () => {
    const { stream, asked, watch } = setUp();
    watch();
    stream.showPictures();
    stream.publish(picture('k1', true, 0));
    stream.publish(picture('p2', false, 3600));
    stream.forgetPictures();
    const late = watch();
    expect(late.names()).toEqual([]);
    expect(asked).toContain('keyframe');
    stream.publish(picture('p3', false, 7200));
    stream.publish(picture('k4', true, 10_800));
    expect(late.names()).toEqual(['k4']);
    stream.close();
  });

  it('goes from slate to picture at a keyframe only', () => {
    const { stream, watch } = setUp();
    stream.showSlate(slate('s'));
    const viewer = watch();
    stream.showPictures();
    stream.publish(picture('p1', false, 0));
    stream.publish(picture('k2', true, 3600));
    stream.publish(picture('p3', false, 7200));
    expect(viewer.names().filter((name) => !name.startsWith('s'))).toEqual(['k2', 'p3']);
    vi.advanceTimersByTime(1000);
    expect(viewer.names().at(-1)).toBe('p3');
    stream.close();
  });

  it('lets no picture pass while the slate is meant to be up, keyframe or not', () => {
    const { stream, watch } = setUp();
    stream.showSlate(slate('s'));
    stream.showPictures();
    const viewer = watch();
    stream.publish(picture('k1', true, 0));
    stream.showSlate(slate('t'));
    expect(stream.publish(picture('k2', true, 3600))).toBe(false);
    expect(viewer.names().at(-1)).toMatch(/^t/);
    stream.close();
  });

  it('hands a late joiner the young group of pictures instead of forcing a keyframe', () => {
    const { stream, watch, asked } = setUp();
    stream.showSlate(slate('s'));
    stream.showPictures();
    stream.publish(picture('k1', true, 0));
    stream.publish(picture('p2', false, 3600));
    const late = watch();
    expect(late.names()).toEqual(['k1', 'p2']);
    expect(asked).not.toContain('keyframe');
    stream.close();
  });

  it('forces a keyframe for a joiner in an old group, and no more than one a second', () => {
    const { stream, watch, asked } = setUp();
    stream.showSlate(slate('s'));
    stream.showPictures();
    stream.publish(picture('k1', true, 0));
    for (let i = 1; i <= 30; i++) {
      vi.advanceTimersByTime(40);
      stream.publish(picture('p', false, i * 3600));
    }
    const late = watch();
    watch();
    watch();
    expect(asked.filter((word) => word === 'keyframe')).toHaveLength(1);
    stream.publish(picture('p', false, 31 * 3600));
    expect(late.seen).toEqual([]);
    stream.publish(picture('k2', true, 32 * 3600));
    expect(late.names()).toEqual(['k2']);
    stream.close();
  });

  it('wakes the encoder for the first viewer, and lets it sleep a while after the last', () => {
    const { stream, watch, asked } = setUp();
    const one = watch();
    const two = watch();
    one.leave();
    two.leave();
    expect(asked).toEqual(['wake', 'keyframe']);
    vi.advanceTimersByTime(LINGER_MS / 2);
    const back = watch();
    back.leave();
    vi.advanceTimersByTime(LINGER_MS + 1);
    expect(asked.filter((word) => word !== 'keyframe')).toEqual(['wake', 'sleep']);
    stream.close();
  });

  it('gives every unit a later timestamp than the one before, from slate to picture and back', () => {
    const { stream, watch } = setUp();
    stream.showSlate(slate('s'));
    const viewer = watch();
    stream.showPictures();
    stream.publish(picture('k', true, 1e9));
    stream.publish(picture('p', false, 5));
    stream.showSlate(slate('t'));
    vi.advanceTimersByTime(500);
    const stamps = viewer.seen.map(({ timestamp }) => timestamp);
    expect(stamps).toEqual([...stamps].sort((a, b) => a - b));
    expect(new Set(stamps).size).toBe(stamps.length);
    stream.close();
  });
});
