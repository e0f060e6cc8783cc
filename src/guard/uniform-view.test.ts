import { describe, expect, it } from 'vitest';
import { HEIGHT, paint, scene, WIDTH, ZONE } from './guard.fixture.js';
import { UniformView } from './uniform-view.js';
import { type GuardMode, ViewGuard } from './view-guard.js';
import { parseView } from './view-text.js';

const wall = paint((x, y) => 120 + ((x * 5 + y * 3) & 3));
const elsewhere = paint(scene());

/** A guard on a blank wall, at 0 to 2000 ms. `learned` are the texts of what it took. */
function onWall(byPerson: boolean, mode: GuardMode = 'withhold') {
  const unlearnable: string[] = [];
  const learned: string[] = [];
  const guard = new ViewGuard(
    { mode, mayLearn: true, reference: null, zones: [ZONE] },
    {
      learned: (view) => learned.push(view.toString()),
      drifted: () => undefined,
      unlearnable: (why) => unlearnable.push(why),
    },
  );
  if (byPerson) guard.relearn();
  for (let now = 0; now <= 2000; now += 40) guard.look(wall, WIDTH, HEIGHT, now);
  return { guard, learned, unlearnable };
}

describe('a view too uniform to be known again', () => {
  it('that a person accepted is withheld at the first frame that shows something else', () => {
    const { guard, unlearnable } = onWall(true);
    expect(unlearnable).toEqual(['uniform']);
    expect(guard.look(wall, WIDTH, HEIGHT, 2040).kind).toBe('steady');
    const seen = guard.look(elsewhere, WIDTH, HEIGHT, 2080);
    expect(seen).toMatchObject({ kind: 'moved', detail: expect.stringContaining('too uniform') });
    for (let now = 2120; now < 7100; now += 40) expect(guard.look(wall, WIDTH, HEIGHT, now).kind).toBe('moved');
    expect(guard.look(wall, WIDTH, HEIGHT, 7200).kind).toBe('steady');
  });

  it('that a person accepted is known by its text to whatever guard comes next, also after other zones', () => {
    const { learned } = onWall(true);
    expect(learned).toHaveLength(1);
    const restarted = () => {
      const guard = new ViewGuard(
        { mode: 'withhold', mayLearn: true, reference: parseView(learned[0]!), zones: [ZONE] },
        { learned: (view) => learned.push(view.toString()), drifted: () => undefined, unlearnable: () => undefined },
      );
      guard.useZones([{ ...ZONE, padding: 0 }]);
      return guard;
    };
    expect(restarted().look(wall, WIDTH, HEIGHT, 0).kind).toBe('steady');
    const guard = restarted();
    for (let now = 0; now <= 4000; now += 40) expect(guard.look(elsewhere, WIDTH, HEIGHT, now).kind).toBe('moved');
    expect(learned).toHaveLength(1);
  });

  it('is withheld where the guard is strict, and no other takes its place on the same word', () => {
    const { guard, learned } = onWall(true, 'strict');
    for (let now = 2040; now <= 9000; now += 40) expect(guard.look(elsewhere, WIDTH, HEIGHT, now).kind).toBe('lost');
    expect(learned).toHaveLength(1);
    expect(parseView(learned[0]!)).toBeInstanceOf(UniformView);
  });

  it('is waited out where nobody accepted one: the first that can be known again is taken', () => {
    const { guard } = onWall(false);
    expect(guard.look(elsewhere, WIDTH, HEIGHT, 2080).kind).toBe('steady');
  });

  it('follows slow light, and takes sudden light for a change', () => {
    const slow = new UniformView({ count: 10, luma: 120 });
    for (let luma = 120; luma > 30; luma -= 0.1) expect(slow.hasChanged({ count: 10, luma })).toBe(false);
    expect(new UniformView({ count: 10, luma: 120 }).hasChanged({ count: 10, luma: 30 })).toBe(true);
  });
});
