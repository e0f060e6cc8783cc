import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Eye, Look } from './analyser.js';
import { VisionHub } from './hub.js';
import type { ToTap } from './link/messages.js';
import type { WatchedCamera } from './watched-camera.js';

const camera = (id: string, peopleRate: number | null = null): WatchedCamera => ({
  id,
  place: 'lobby',
  peopleRate,
  peopleZones: [],
  sign: null,
});

/** An eye whose looks take as long as they are told to, and that notes what it saw. */
class SlowEye implements Eye<number> {
  readonly name = 'slow';
  readonly seen: { camera: string; brightness: number; pts: number }[] = [];
  readonly stills: { camera: string; pts: number }[] = [];
  fails = false;

  constructor(
    readonly periodMs: number,
    readonly lookMs: number,
    readonly ifMoved = false,
  ) {}

  async load() {
    return {
      side: 64,
      analyse: async ({ data }: { data: Uint8Array }) => {
        await new Promise((resolve) => setTimeout(resolve, this.lookMs));
        if (this.fails) throw new Error('cannot see');
        return data[0]!;
      },
    };
  }

  watch({ id }: WatchedCamera) {
    return {
      periodMs: this.periodMs,
      ifMoved: this.ifMoved,
      seen: (brightness: number, { pts }: Look) => void this.seen.push({ camera: id, brightness, pts }),
      still: ({ pts }: Look) => void this.stills.push({ camera: id, pts }),
    };
  }
}

/** A worker that answers with its newest frame; a frame comes every 40 ms. */
function worker(hub: VisionHub, id: string, answer: 'picture' | 'still' | 'never' = 'picture') {
  const asks: Extract<ToTap, { type: 'ask' }>[] = [];
  const member = hub.join(id, (message) => void (message.type === 'ask' && asks.push(message)));
  let frame = 0;
  const timer = setInterval(() => {
    frame++;
    if (answer === 'never') return;
    for (const { ask } of asks.splice(0)) {
      if (answer === 'still') member.heard({ type: 'still', ask, pts: frame }, new Uint8Array(0));
      else member.heard({ type: 'picture', ask, pts: frame, width: 1, height: 1 }, new Uint8Array([frame & 255, 0, 0]));
    }
  }, 40);
  return { member, asks, frame: () => frame, stop: () => clearInterval(timer) };
}

describe('the hub', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const run = (ms: number) => vi.advanceTimersByTimeAsync(ms);

  const make = (eye: SlowEye, cameras: WatchedCamera[], cores = 1) => {
    const failures: string[] = [];
    const hub = new VisionHub(
      [eye],
      cores,
      {
        report: () => undefined,
        loading: () => undefined,
        eyeFailed: (name, id, detail) => void failures.push(`${name} ${id} ${detail}`),
      },
      () => Date.now(),
    );
    hub.useCameras(cameras);
    return { hub, failures };
  };

  test('looks at cameras as often as was asked', async () => {
    const eye = new SlowEye(500, 40);
    const { hub } = make(eye, [camera('a'), camera('b')]);
    worker(hub, 'a');
    worker(hub, 'b');
    await run(10_000);
    for (const id of ['a', 'b']) {
      const looks = eye.seen.filter(({ camera }) => camera === id).length;
      expect(looks).toBeGreaterThanOrEqual(19);
      expect(looks).toBeLessThanOrEqual(20);
    }
  });

  test('looks at new pictures even where there are far too many cameras, and at all of them', async () => {
    const eye = new SlowEye(40, 50);
    const ids = Array.from({ length: 10 }, (_, i) => `camera-${i}`);
    const { hub } = make(
      eye,
      ids.map((id) => camera(id)),
    );
    const workers = new Map(ids.map((id) => [id, worker(hub, id)]));
    await run(5000);
    const now = workers.get('camera-0')!.frame();
    for (const id of ids) {
      const own = eye.seen.filter((look) => look.camera === id);
      expect(own.length).toBeGreaterThanOrEqual(8);
      // Of the last round of ten looks, 50 ms each: nothing waited longer than for its turn.
      expect(own.at(-1)!.pts).toBeGreaterThan(now - 16);
    }
    const oldest = [...workers.values()].map(({ asks }) => asks.length);
    expect(Math.max(...oldest)).toBeLessThanOrEqual(1);
  });

  test('is not held up by a camera that does not answer', async () => {
    const eye = new SlowEye(200, 20);
    const { hub } = make(eye, [camera('dead'), camera('dead-too'), camera('alive')]);
    worker(hub, 'dead', 'never');
    worker(hub, 'dead-too', 'never');
    worker(hub, 'alive');
    await run(10_000);
    expect(eye.seen.length).toBeGreaterThan(40);
  });

  test('counts a motionless picture as a look that was saved', async () => {
    const eye = new SlowEye(500, 20, true);
    const { hub } = make(eye, [camera('a')]);
    worker(hub, 'a', 'still');
    await run(5000);
    expect(eye.seen).toEqual([]);
    expect(eye.stills.length).toBeGreaterThanOrEqual(9);
    expect(hub.counters[0]).toMatchObject({ looks: 0, saved: eye.stills.length });
  });

  test('looks at once where the view has changed', async () => {
    const eye = new SlowEye(60_000, 1);
    const { hub } = make(eye, [camera('a')]);
    const { member } = worker(hub, 'a');
    await run(1000);
    member.heard({ type: 'view-changed' }, new Uint8Array(0));
    await run(200);
    expect(eye.seen.length).toBe(2);
  });

  test('goes on after a look that failed, and says so', async () => {
    const eye = new SlowEye(500, 20);
    const { hub, failures } = make(eye, [camera('a')]);
    worker(hub, 'a');
    eye.fails = true;
    await run(1000);
    expect(failures[0]).toBe('slow a cannot see');
    eye.fails = false;
    await run(1000);
    expect(eye.seen.length).toBeGreaterThan(0);
  });

  test('forgets a worker that left, and takes no answer from one that was replaced', async () => {
    const eye = new SlowEye(500, 20);
    const { hub } = make(eye, [camera('a')]);
    const first = worker(hub, 'a');
    await run(100);
    const second = worker(hub, 'a');
    await run(100);
    const before = eye.seen.length;
    first.member.heard({ type: 'picture', ask: 1, pts: 1, width: 1, height: 1 }, new Uint8Array(3));
    await run(100);
    expect(eye.seen.length).toBe(before);
    second.member.leave();
    await run(5000);
    expect(eye.seen.length).toBeLessThanOrEqual(before + 1);
  });

  test('says that an eye is blind whose model cannot be loaded, and lets the others see', async () => {
    const blind: Eye<number> = {
      name: 'blind',
      load: () => Promise.reject(new Error('no model')),
      watch: () => ({ periodMs: 100, ifMoved: false, seen: () => undefined, still: () => undefined }),
    };
    const eye = new SlowEye(500, 20);
    const failures: string[] = [];
    const hub = new VisionHub(
      [blind, eye],
      1,
      {
        report: () => undefined,
        loading: () => undefined,
        eyeFailed: (name, id, detail) => void failures.push(`${name} ${id} ${detail}`),
      },
      () => Date.now(),
    );
    hub.useCameras([camera('a')]);
    worker(hub, 'a');
    await run(5000);
    expect(failures).toEqual(['blind null no model']);
    expect(eye.seen.length).toBeGreaterThanOrEqual(9);
  });

  test('tells that models are read before it reads them, and when all are there, also where one is not', async () => {
    const heard: string[] = [];
    const eyeOf = (name: string, load: () => Promise<never>): Eye<number> => ({
      name,
      load: () => {
        heard.push(`load ${name}`);
        return load();
      },
      watch: () => ({ periodMs: 100, ifMoved: false, seen: () => undefined, still: () => undefined }),
    });
    const late = () => new Promise<never>((_, reject) => setTimeout(() => reject(new Error('no model')), 2000));
    const hub = new VisionHub(
      [eyeOf('quick', () => Promise.reject(new Error('no model'))), eyeOf('late', late)],
      1,
      {
        report: () => undefined,
        loading: (isLoading) => void heard.push(isLoading ? 'loading' : 'loaded'),
        eyeFailed: () => undefined,
      },
      () => Date.now(),
    );
    hub.useCameras([camera('a')]);
    worker(hub, 'a');
    await run(1000);
    expect(heard).toEqual(['loading', 'load quick', 'load late']);
    await run(2000);
    expect(heard.at(-1)).toBe('loaded');
  });
});
