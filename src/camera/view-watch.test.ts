import {
  AV_PIX_FMT_NV12,
  AV_PIX_FMT_RGB24,
  AV_PIX_FMT_YUV420P,
  AV_PIX_FMT_YUV420P10LE,
  type AVPixelFormat,
} from 'node-av/constants';
import { Frame } from 'node-av/lib';
import { beforeAll, describe, expect, it } from 'vitest';
import { HEIGHT, paint, scene, WIDTH, ZONE } from '../guard/guard.fixture.js';
import { quietEngineLog } from './engine-log.js';
import type { GuardSettings } from './messages.js';
import { ViewWatch } from './view-watch.js';

const view = scene();
const home = paint(view);
const aside = paint((x, y) => view(x + 60, y));

/** A grey picture in any format. */
function frameOf({ data }: { readonly data: Uint8Array }, format: AVPixelFormat): Frame {
  const frame = new Frame();
  frame.alloc();
  frame.format = format;
  frame.width = WIDTH;
  frame.height = HEIGHT;
  frame.allocBuffer();
  const [first, ...rest] = frame.data!;
  const stride = frame.linesize[0]!;
  for (const chroma of rest)
    if (format === AV_PIX_FMT_YUV420P10LE)
      new Uint16Array(chroma.buffer, chroma.byteOffset, chroma.length >> 1).fill(512);
    else chroma.fill(128);
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const luma = data[y * WIDTH + x]!;
      if (format === AV_PIX_FMT_RGB24) first!.fill(luma, y * stride + 3 * x, y * stride + 3 * x + 3);
      else if (format === AV_PIX_FMT_YUV420P10LE) first!.writeUInt16LE(luma * 4, y * stride + 2 * x);
      else first![y * stride + x] = luma;
    }
  }
  return frame;
}

function watching(settings: Partial<GuardSettings> = {}) {
  const told: string[] = [];
  const learned: string[] = [];
  const watch = new ViewWatch({ mode: 'withhold', view: null, mayLearn: true, ...settings }, [ZONE], {
    learned: (reference) => learned.push(reference),
    drifted: () => told.push('drifted'),
    unlearnable: (why) => told.push(why),
    unreadable: (message) => told.push(message),
  });
  return { watch, told, learned };
}

/** Looks at the same picture for so long, ms; what the last look said. */
function lookFor(watch: ViewWatch, frame: Frame, from: number, ms: number) {
  let seen = watch.look(frame, null, from);
  for (let now = from + 40; now <= from + ms; now += 40) seen = watch.look(frame, null, now);
  return seen;
}

describe('ViewWatch', () => {
  beforeAll(quietEngineLog);

  it.each([
    ['yuv420p', AV_PIX_FMT_YUV420P],
    ['nv12', AV_PIX_FMT_NV12],
    ['10 bit', AV_PIX_FMT_YUV420P10LE],
    ['rgb24', AV_PIX_FMT_RGB24],
  ])('learns a view in %s, withholds when it is left, and leaves the frames as they were', (_, format) => {
    const { watch, learned } = watching();
    using frame = frameOf(home, format);
    using away = frameOf(aside, format);
    const before = Buffer.from(frame.data![0]!);
    expect(lookFor(watch, frame, 0, 2400)).toMatchObject({ reason: null });
    expect(learned).toHaveLength(1);
    expect(watch.look(away, null, 2440)).toMatchObject({
      reason: 'view-moved',
      detail: expect.stringContaining('shifted'),
    });
    expect(frame.format).toBe(format);
    expect(before.equals(frame.data![0]!)).toBe(true);
    watch[Symbol.dispose]();
  });

  it('knows the view again from what it told of it, in another format and at the first frame', () => {
    const { watch, learned } = watching();
    using frame = frameOf(home, AV_PIX_FMT_YUV420P);
    lookFor(watch, frame, 0, 2400);
    const again = () => watching({ view: learned[0]!, mayLearn: false }).watch;
    using other = frameOf(home, AV_PIX_FMT_NV12);
    using away = frameOf(aside, AV_PIX_FMT_NV12);
    expect(again().look(other, null, 0)).toMatchObject({ reason: null });
    expect(again().look(away, null, 0)).toMatchObject({ reason: 'view-moved' });
  });

  it('withholds where what was kept of the view is damaged, until a person accepts the present one', () => {
    const { watch, told, learned } = watching({ view: 'no view reference' });
    using frame = frameOf(home, AV_PIX_FMT_YUV420P);
    expect(told).toHaveLength(1);
    expect(lookFor(watch, frame, 0, 4000)).toMatchObject({ reason: 'view-lost' });
    expect(learned).toEqual([]);
    watch.relearn();
    expect(lookFor(watch, frame, 4040, 2400)).toMatchObject({ reason: null });
    expect(learned).toHaveLength(1);
  });

  it('looks at the luma that somebody has already, and not at the frame', () => {
    const { watch } = watching();
    using frame = frameOf(home, AV_PIX_FMT_YUV420P);
    lookFor(watch, frame, 0, 2400);
    expect(watch.look(frame, aside, 2440)).toMatchObject({ reason: 'view-moved' });
  });

  it('follows a picture that gets another size', () => {
    const { watch, learned } = watching();
    using frame = frameOf(home, AV_PIX_FMT_YUV420P);
    lookFor(watch, frame, 0, 2400);
    using half = new Frame();
    half.alloc();
    half.format = AV_PIX_FMT_YUV420P;
    half.width = WIDTH / 2;
    half.height = HEIGHT / 2;
    half.allocBuffer();
    for (const [i, plane] of half.data!.entries()) plane.fill(i === 0 ? 0 : 128);
    const stride = half.linesize[0]!;
    for (let y = 0; y < HEIGHT / 2; y++)
      for (let x = 0; x < WIDTH / 2; x++) half.data![0]![y * stride + x] = home.data[2 * y * WIDTH + 2 * x]!;
    expect(watch.look(half, null, 2440)).toMatchObject({ reason: null });
    expect(learned).toHaveLength(1);
  });

  it('says nothing where it is off', () => {
    const { watch, learned } = watching({ mode: 'off' });
    using frame = frameOf(home, AV_PIX_FMT_YUV420P);
    using away = frameOf(aside, AV_PIX_FMT_YUV420P);
    lookFor(watch, frame, 0, 2400);
    expect(watch.look(away, null, 2440)).toMatchObject({ reason: null });
    expect(learned).toEqual([]);
  });
});
