import { describe, expect, it } from 'vitest';
import type { Camera } from '../api/types.js';
import { en } from '../words/en.js';
import { makeFormats } from '../words/formats.js';
import { type Known, standingsOf } from './compliance.js';

const camera = (change: Partial<Camera> = {}): Camera =>
  ({
    id: 'lobby',
    place: 'lobby',
    state: 'masked',
    reason: null,
    since: '2026-03-01T08:00:00.000Z',
    zoneRevision: 1,
    view: { standing: 'accepted', acceptedBy: 'first stable view', acceptedAt: '2026-03-01T08:00:00.000Z' },
    ...change,
  }) as Camera;

const standings = (known: Partial<Known>) => {
  const all = standingsOf(
    { cameras: [camera()], alerts: [], revisions: [], log: null, ...known },
    en,
    makeFormats('en-GB', en),
  );
  return Object.fromEntries(all.map((standing) => [standing.article, standing]));
};

describe('compliance', () => {
  it('holds where nothing speaks against it, and says nothing of what is not checked', () => {
    const found = standings({ log: { size: 3, fingerprint: 'abc' } });
    expect(found[15]!.verdict).toBe('holds');
    expect(found[24]!.verdict).toBe('holds');
    expect(found[25]!.verdict).toBe('unsure');
    expect(standings({})[24]!.verdict).toBe('unsure');
    expect(standings({ alerts: null })[16]!.verdict).toBe('unsure');
  });

  it('fails in a prohibited place, masked and withheld or not', () => {
    const found = standings({
      cameras: [camera({ place: 'restroom', state: 'withheld', reason: 'prohibited-place' })],
    });
    expect(found[15]).toMatchObject({ verdict: 'fails', since: '2026-03-01T08:00:00.000Z' });
    expect(found[15]!.evidence[0]).toContain('Restroom');
  });

  it('fails where a camera was moved, and where an open alert touches the article', () => {
    expect(standings({ cameras: [camera({ state: 'withheld', reason: 'view-moved' })] })[24]!.verdict).toBe('fails');
    const alert = { article: 16, state: 'new', openedAt: '2026-03-02T00:00:00.000Z', overdueAt: null } as never;
    expect(standings({ alerts: [alert] })[16]).toMatchObject({ verdict: 'fails', since: '2026-03-02T00:00:00.000Z' });
  });

  it('fails where a view is shown that nothing guards, until a person accepts it', () => {
    const of = (acceptedBy: string | null, state: Camera['state'] = 'masked') =>
      standings({
        cameras: [camera({ state, view: { standing: 'uniform', acceptedBy, acceptedAt: null } })],
        log: { size: 3, fingerprint: 'abc' },
      })[24]!;
    expect(of(null)).toMatchObject({
      verdict: 'fails',
      evidence: [expect.stringContaining('too uniform'), expect.anything(), expect.anything()],
    });
    expect(of('ada').verdict).toBe('holds');
    expect(of(null, 'withheld').verdict).toBe('holds');
  });

  it('says of a site without cameras that nothing is watched, and not that all holds', () => {
    const found = standings({ cameras: [], log: { size: 3, fingerprint: 'abc' } });
    for (const article of [15, 16, 20, 24]) {
      expect(found[article]!.verdict).toBe('unsure');
      expect(found[article]!.evidence.join()).toContain('no cameras yet');
    }
    // Of a camera that was removed: what is open of it stays open.
    const alert = { article: 16, state: 'new', openedAt: '2026-03-02T00:00:00.000Z', overdueAt: null } as never;
    expect(standings({ cameras: [], alerts: [alert] })[16]!.verdict).toBe('fails');
  });
});
