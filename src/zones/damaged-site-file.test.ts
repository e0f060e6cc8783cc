/**
 * The reason for revisions: a site file that was cut short or damaged is valid surprisingly often. Whatever is left of it, what
 * is in force afterwards masks at least as much as before.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseSite } from '../config/load.js';
import { SiteFileError } from '../config/problem.js';
import type { CameraConfig } from '../config/site.js';
import { masksAtLeast } from './raster-comparison.fixture.js';
import { reconcile } from './reconcile.js';
import { nextRevision } from './revision.js';
import type { ZoneSet } from './zone.js';

const BLOCK = `version: 1
site: { name: Hotel, responsibleUnit: Hotel Ltd }
cameras:
  - id: lobby
    source: demo:lobby
    place: lobby
    zones:
      - id: restroom-door
        kind: restroom
        polygon:
          - [0.10, 0.20]
          - [0.30, 0.20]
          - [0.30, 0.65]
          - [0.10, 0.65]
          - [0.05, 0.40]
        padding: 24
      - id: window
        kind: neighbour
        polygon: [[0.72, 0.05], [0.95, 0.08], [0.94, 0.31], [0.71, 0.28]]
        style: pixelate
        padding: 16
      - id: street
        kind: street
        polygon:
          - [0.40, 0.80]
          - [0.90, 0.80]
          - [0.95, 0.99]
          - [0.40, 0.99]
        style: blur
    lookAhead: 2
`;

const FLOW = `version: 1
site: {name: Hotel, responsibleUnit: Hotel Ltd}
cameras:
- {id: lobby, source: demo:lobby, place: lobby, zones: [
  {id: a, kind: restroom, polygon: [[0.1, 0.2], [0.3, 0.2], [0.3, 0.6], [0.1, 0.6]], padding: 20},
  {id: b, kind: private, polygon: [[0.5, 0.1], [0.7, 0.1], [0.7, 0.3]], style: pixelate},
  {id: c, kind: street, polygon: [[0.5, 0.7], [0.9, 0.7], [0.9, 0.9]], style: blur}]}
`;

const camerasOf = (text: string): readonly CameraConfig[] | null => {
  try {
    return parseSite(text, 'site.yaml', {}).site.cameras;
  } catch (error) {
    if (error instanceof SiteFileError) return null;
    throw error;
  }
};

/** What would be in force after the damage, camera by camera; null: the file is refused and all stays as it is. */
const outcome = (whole: string, damaged: string) => {
  const before = camerasOf(whole)![0]!;
  const inForce = nextRevision(null, {
    camera: before.id,
    wanted: before,
    acceptedBy: 'site file',
    acceptedAt: new Date(0),
    source: 'site-file',
  });
  const cameras = camerasOf(damaged);
  return (
    cameras?.map((camera) => {
      const result = reconcile(camera.id === before.id ? inForce : null, camera);
      const zones: ZoneSet =
        'wanted' in result && result.kind !== 'needs-acceptance' ? result.wanted.zones : before.zones;
      return { kind: result.kind, holds: zones === before.zones || masksAtLeast(zones, before.zones, 320, 180) };
    }) ?? null
  );
};

describe.each([
  ['in block style', BLOCK],
  ['in flow style', FLOW],
])('a site file %s', (_style, whole) => {
  test('cut short after any byte masks at least as much as before', () => {
    const bytes = Buffer.from(whole);
    const kinds = new Map<string, number>();
    for (let length = 0; length < bytes.length; length++) {
      const result = outcome(whole, bytes.subarray(0, length).toString());
      for (const { kind, holds } of result ?? [{ kind: 'refused', holds: true }]) {
        expect(holds, `cut after ${length} bytes: ${kind}`).toBe(true);
        kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      }
    }
    expect([...kinds.keys()]).not.toContain('seed');
    if (whole === BLOCK) expect(kinds.get('needs-acceptance')).toBeGreaterThan(20); // the danger is real
  });

  test('that lost any one character masks at least as much as before', () => {
    for (let at = 0; at < whole.length; at++) {
      const result = outcome(whole, whole.slice(0, at) + whole.slice(at + 1));
      for (const { kind, holds } of result ?? []) expect(holds, `without character ${at}: ${kind}`).toBe(true);
    }
  });

  test('that lost any one line masks at least as much as before', () => {
    const lines = whole.split('\n');
    for (let at = 0; at < lines.length; at++) {
      for (const { kind, holds } of outcome(whole, lines.toSpliced(at, 1).join('\n')) ?? []) {
        expect(holds, `without line ${at + 1}: ${kind}`).toBe(true);
      }
    }
  });

  test('in which any stretch was overwritten by another masks at least as much as before, or is another camera', () => {
    const offset = fc.integer({ min: 0, max: whole.length });
    fc.assert(
      fc.property(offset, offset, fc.integer({ min: 0, max: 40 }), (from, to, length) => {
        const damaged = whole.slice(0, to) + whole.slice(from, from + length) + whole.slice(to + length);
        for (const { kind, holds } of outcome(whole, damaged) ?? []) if (kind !== 'seed') expect(holds).toBe(true);
      }),
      { numRuns: 400 },
    );
  });
});
