import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EVERYBODY } from '../zones/zone.js';
import { HEIGHT, learnedGuard, paint, scene, WIDTH, ZONE } from './guard.fixture.js';
import type { Observation } from './verdict.js';
import { ViewGuard } from './view-guard.js';

const DEAF = { learned: () => undefined, drifted: () => undefined, unlearnable: () => undefined };
const view = scene();
const still = paint(view);
const look = (guard: ViewGuard, luma: (x: number, y: number) => number, now = 2040) =>
  guard.look(paint(luma), WIDTH, HEIGHT, now);

describe('ViewGuard', () => {
  it('calls any shift of 2 to 15 % moved at the first frame, whichever way', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.02, max: 0.15, noNaN: true }),
        fc.double({ min: 0, max: 6.28, noNaN: true }),
        (far, way) => {
          const { guard } = learnedGuard(still);
          const dx = Math.round(Math.cos(way) * far * WIDTH);
          const dy = Math.round(Math.sin(way) * far * WIDTH);
          expect(look(guard, (x, y) => view(x - dx + 4000, y - dy + 3600)).kind).toBe('moved');
        },
      ),
      { numRuns: 25 },
    );
  });

  it('is not troubled by light: dimmed, brightened, or a lamp on one side', () => {
    const { guard } = learnedGuard(still);
    expect(look(guard, (x, y) => 10 + 0.25 * view(x, y)).kind).toBe('steady');
    expect(look(guard, (x, y) => 30 + 1.1 * view(x, y), 2600).kind).toBe('steady');
    expect(look(guard, (x, y) => view(x, y) * (0.4 + (0.8 * x) / WIDTH), 3200).kind).toBe('steady');
  });

  it('does not mind people before a part of the view', () => {
    const { guard } = learnedGuard(still);
    const person = (x: number, y: number) => (x > 350 && x < 520 && y > 60 ? 90 + ((x * 7) % 60) : view(x, y));
    expect(look(guard, person).kind).toBe('steady');
  });

  it('sees at once that a view has turned into one that holds a part of it in place, and holds on to that', () => {
    const elsewhere = scene(9);
    const half = (x: number, y: number) => (x > 210 ? elsewhere(x + 17, y + 13) : view(x, y));
    const { guard } = learnedGuard(still);
    look(guard, view, 2040);
    for (let now = 2080; now < 9000; now += 500) expect(look(guard, half, now).kind).toBe('moved');
    expect(look(learnedGuard(still).guard, half, 2600).kind).toBe('steady');
  });

  describe('where most of what can be told apart is carried away', () => {
    /** Shelves, which fit along themselves. */
    const shelves = (x: number, y: number) => 60 + 60 * ((Math.floor(y / 22) * 7) % 3) + ((x * 5 + y * 3) & 7);
    /** Things on the left, `off` px from where they stood; null: carried away. */
    const things = (off: number | null) => (x: number, y: number) =>
      x > 400 ? shelves(x, y) : off === null ? 110 : view(x - off + 4000, y + 3600);
    const home = things(0);
    const empty = things(null);
    const learned = () => {
      const { guard } = learnedGuard(paint(home));
      for (let now = 2040; now < 6000; now += 40) expect(look(guard, empty, now).kind).toBe('steady');
      return guard;
    };

    it('does not take it for the camera when it is put back a little further', () => {
      const guard = learned();
      for (let now = 6000; now < 9000; now += 40) expect(look(guard, things(14), now).kind).toBe('steady');
      expect(look(guard, home, 9040).kind).toBe('steady');
    });

    it('sees by the rest when the camera is moved meanwhile', () => {
      expect(look(learned(), (x, y) => empty(x, y + 14), 6040).kind).toBe('moved');
    });
  });

  it('tells covered, dark and another view apart', () => {
    expect(look(learnedGuard(still).guard, () => 120).kind).toBe('covered');
    expect(look(learnedGuard(still).guard, () => 16).kind).toBe('lost');
    const elsewhere = scene(9);
    expect(look(learnedGuard(still).guard, (x, y) => elsewhere(x + 17, y + 13)).kind).toBe('moved');
  });

  it('finds a picture out of focus after a second', () => {
    const { guard } = learnedGuard(still);
    const soft = (x: number, y: number) => {
      let sum = 0;
      for (let step = -10; step <= 10; step++) sum += view(x + step, y);
      return sum / 21;
    };
    let verdict = look(guard, soft);
    expect(verdict.kind).toBe('steady');
    for (let now = 2080; now < 4000; now += 40) verdict = look(guard, soft, now);
    expect(verdict.kind).toBe('lost');
  });

  it('does not take what comes before the lens for what is usual, however many frames show it', () => {
    const { guard } = learnedGuard(still);
    let now = 2000;
    /** A sheet from the left, so many frames; with stripes it has about half as many edges as the view. */
    const covered = (share: number, stripe: number, frames: number) => {
      const data = Uint8Array.from(still.data);
      for (let i = 0; i < data.length; i++)
        if (i % WIDTH < share * WIDTH) data[i] = 100 + 30 * (Math.floor((i % WIDTH) / stripe) % 2);
      let seen: Observation | null = null;
      for (let n = 0; n < frames; n++) {
        now += 40;
        seen = guard.look({ data, stride: WIDTH }, WIDTH, HEIGHT, now);
      }
      return seen;
    };
    for (const share of [0.2, 0.35, 0.5, 0.6, 0.65]) covered(share, 45, 1);
    expect(covered(0.7, 45, 20)).toMatchObject({ kind: 'steady' });
    expect(covered(0.7, WIDTH, 1)).toMatchObject({ kind: 'covered' });
  });

  it('finds a living source frozen after three seconds, and a drawn one never', () => {
    const noisy = (n: number) => paint((x, y) => view(x, y) + (Math.abs(x - n) < 4 ? 40 : 0));
    const { guard } = learnedGuard(still);
    for (let n = 0; n < 40; n++) guard.look(noisy(n * 12), WIDTH, HEIGHT, 2040 + n * 40);
    const verdicts = Array.from({ length: 100 }, (_, n) => guard.look(still, WIDTH, HEIGHT, 4000 + n * 40));
    const frozenAt = verdicts.findIndex(({ kind }) => kind !== 'steady');
    expect(verdicts[frozenAt]).toEqual({ kind: 'lost', detail: 'the picture is frozen' });
    expect(frozenAt).toBe(76);

    const { guard: drawn } = learnedGuard(still);
    for (let at = 2040; at < 9000; at += 40) expect(drawn.look(still, WIDTH, HEIGHT, at).kind).toBe('steady');
  });

  it('is steady again only after five seconds in the old place, seen at keyframes alone', () => {
    const { guard } = learnedGuard(still);
    expect(look(guard, (x, y) => view(x + 60, y)).kind).toBe('moved');
    expect(look(guard, view, 3000).kind).toBe('moved');
    expect(look(guard, view, 7900).kind).toBe('moved');
    expect(look(guard, (x, y) => view(x + 60, y), 7950).kind).toBe('moved');
    expect(look(guard, view, 9000).kind).toBe('moved');
    expect(look(guard, view, 14_000).kind).toBe('steady');
  });

  it('knows an accepted view from its text, and sees at the first frame that it is another one', () => {
    const { learned } = learnedGuard(still);
    const restarted = () =>
      new ViewGuard({ mode: 'withhold', mayLearn: true, reference: learned[0]!, zones: [ZONE] }, DEAF);
    expect(look(restarted(), view, 0).kind).toBe('steady');
    expect(look(restarted(), (x, y) => view(x + 60, y), 0).kind).toBe('moved');
  });

  it('withholds a view that nobody accepted where a person must, until one does', () => {
    const guard = new ViewGuard({ mode: 'withhold', mayLearn: false, reference: null, zones: [ZONE] }, DEAF);
    expect(look(guard, view, 0).kind).toBe('lost');
    guard.relearn();
    expect(look(guard, view, 40).kind).toBe('steady');
  });

  it('says of a blank wall that it cannot be known again, and withholds it where it is strict', () => {
    const wall = paint(() => 130);
    expect(learnedGuard(wall).unlearnable).toEqual(['uniform']);
    expect(learnedGuard(wall, [ZONE], 'strict').guard.look(wall, WIDTH, HEIGHT, 2040).kind).toBe('lost');
  });

  it('guards a view in which everybody is masked, too, and keeps nothing of its other zones', () => {
    const { guard, learned, unlearnable } = learnedGuard(still, [ZONE, EVERYBODY]);
    expect(unlearnable).toEqual([]);
    expect(learned[0]!.toString()).toBe(learnedGuard(still).learned[0]!.toString());
    expect(look(guard, (x, y) => view(x + 60, y)).kind).toBe('moved');
  });

  it('keeps nothing of a zone that is drawn later', () => {
    const { guard, learned } = learnedGuard(still);
    const later = { ...ZONE, id: 'later', polygon: ZONE.polygon.map(([x, y]) => [x + 0.4, y] as const) };
    guard.useZones([ZONE, later]);
    look(guard, view);
    const inside = (row: number, column: number) => learned[1]!.map[row * 128 + column];
    for (let row = 18; row < 54; row++)
      for (let column = 84; column < 115; column++) expect(inside(row, column)).toBe(0);
  });
});
