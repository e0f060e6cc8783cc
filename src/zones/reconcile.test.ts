import { describe, expect, test } from 'vitest';
import { box } from './polygons.fixture.js';
import { reconcile } from './reconcile.js';
import { type Acceptance, nextRevision, type WantedZones, type ZoneRevision } from './revision.js';
import type { Zone } from './zone.js';

const zone = (id: string, left: number, right: number): Zone => ({
  id,
  kind: 'restroom',
  polygon: box(left, 0, right, 1),
  action: 'mask',
  style: 'solid',
  padding: 16,
});
const door = zone('door', 0, 0.2);
const pane = zone('pane', 0.5, 0.7);
const wanted = (...zones: Zone[]): WantedZones => ({ zones, unmasked: null });

const accept = (previous: ZoneRevision | null, set: WantedZones, source: Acceptance['source'] = 'site-file') =>
  nextRevision(previous, {
    camera: 'lobby',
    wanted: set,
    acceptedBy: 'somebody',
    acceptedAt: new Date('2026-01-01T00:00:00Z'),
    source,
  });

describe('reconciling the site file with what is in force', () => {
  test('seeds from the file where nothing was ever in force', () => {
    expect(reconcile(null, wanted(door))).toEqual({ kind: 'seed', wanted: wanted(door) });
  });

  test('seeds an unmasked camera that says why', () => {
    const open: WantedZones = { zones: [], unmasked: 'nothing to hide' };
    expect(reconcile(null, open)).toEqual({ kind: 'seed', wanted: open });
  });

  test('does nothing where the file says what is in force, in another order too', () => {
    const inForce = accept(null, wanted(door, pane));
    expect(reconcile(inForce, wanted(pane, door))).toEqual({ kind: 'same', inForce });
  });

  test('applies at once what masks more', () => {
    const inForce = accept(null, wanted(door));
    expect(reconcile(inForce, wanted(door, pane))).toEqual({ kind: 'apply', inForce, wanted: wanted(door, pane) });
  });

  test('applies zones to a camera that was unmasked, and a new reason to one that stays so', () => {
    const inForce = accept(null, { zones: [], unmasked: 'nothing to hide' });
    expect(reconcile(inForce, wanted(door)).kind).toBe('apply');
    expect(reconcile(inForce, { zones: [], unmasked: 'fenced in' }).kind).toBe('apply');
  });

  test('keeps the old set, whole, where the file masks less, even if it also masks more elsewhere', () => {
    const inForce = accept(null, wanted(door));
    const result = reconcile(inForce, wanted(pane));
    expect(result).toMatchObject({ kind: 'needs-acceptance', inForce: { zones: [door] } });
    expect(result.kind === 'needs-acceptance' && result.losses.map(({ message }) => message)).toEqual([
      'door: removed; 20.0 % of the picture would no longer be masked.',
    ]);
  });

  test('does not take a reason for masking nothing as an acceptance', () => {
    const inForce = accept(null, wanted(door));
    expect(reconcile(inForce, { zones: [], unmasked: 'no longer needed' }).kind).toBe('needs-acceptance');
  });

  test('leaves alone what the API has changed since, while the file says nothing new', () => {
    const seeded = accept(null, wanted(door));
    const inForce = accept(seeded, wanted(pane), 'api');
    expect(reconcile(inForce, wanted(door))).toEqual({ kind: 'same', inForce });
    expect(reconcile(inForce, wanted(door, pane)).kind).toBe('apply');
    expect(reconcile(inForce, wanted()).kind).toBe('needs-acceptance');
  });

  test('takes a set that a person accepted for the file as heeded', () => {
    const inForce = accept(accept(null, wanted(door)), wanted(pane), 'cli');
    expect(reconcile(inForce, wanted(pane)).kind).toBe('same');
    expect(reconcile(inForce, wanted(door)).kind).toBe('needs-acceptance');
  });
});

describe('a revision', () => {
  test('counts up, and keeps the accepted picture size unless there is a new one', () => {
    const first = nextRevision(null, {
      camera: 'lobby',
      wanted: wanted(door),
      acceptedBy: 'ana',
      acceptedAt: new Date(0),
      source: 'api',
      geometry: { width: 1920, height: 1080 },
    });
    const second = accept(first, wanted(pane));
    expect([first.revision, second.revision]).toEqual([1, 2]);
    expect(second.geometry).toEqual({ width: 1920, height: 1080 });
    expect(second.acceptedAt).toBe('2026-01-01T00:00:00.000Z');
  });
});
