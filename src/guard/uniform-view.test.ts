import { describe, expect, it } from 'vitest';
import { HEIGHT, paint, scene, WIDTH, ZONE } from './guard.fixture.js';
import { UniformView } from './uniform-view.js';
import { ViewGuard } from './view-guard.js';

const wall = paint((x, y) => 120 + ((x * 5 + y * 3) & 3));

/** A guard on a blank wall that a person accepted, at 0 to 2000 ms. */
function onWall(byPerson: boolean) {
  const unlearnable: string[] = [];
  const guard = new ViewGuard(
    { mode: 'withhold', mayLearn: true, reference: null, zones: [ZONE] },
    { learned: () => undefined, drifted: () => undefined, unlearnable: (why) => unlearnable.push(why) },
  );
  if (byPerson) guard.relearn();
  for (let now = 0; now <= 2000; now += 40) guard.look(wall, WIDTH, HEIGHT, now);
  return { guard, unlearnable };
}

describe('a view too uniform to be known again', () => {
  it('that a person accepted is withheld at the first frame that shows something else', () => {
    const { guard, unlearnable } = onWall(true);
    expect(unlearnable).toEqual(['uniform']);
    expect(guard.look(wall, WIDTH, HEIGHT, 2040).kind).toBe('steady');
    const seen = guard.look(paint(scene()), WIDTH, HEIGHT, 2080);
    expect(seen).toMatchObject({ kind: 'moved', detail: expect.stringContaining('too uniform') });
    for (let now = 2120; now < 7100; now += 40) expect(guard.look(wall, WIDTH, HEIGHT, now).kind).toBe('moved');
    expect(guard.look(wall, WIDTH, HEIGHT, 7200).kind).toBe('steady');
  });

  it('is waited out where nobody accepted one: the first that can be known again is taken', () => {
    const { guard } = onWall(false);
    expect(guard.look(paint(scene()), WIDTH, HEIGHT, 2080).kind).toBe('steady');
  });

  it('follows slow light, and takes sudden light for a change', () => {
    const slow = new UniformView({ count: 10, luma: 120 });
    for (let luma = 120; luma > 30; luma -= 0.1) expect(slow.hasChanged({ count: 10, luma })).toBe(false);
    expect(new UniformView({ count: 10, luma: 120 }).hasChanged({ count: 10, luma: 30 })).toBe(true);
  });
});
