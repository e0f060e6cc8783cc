import { describe, expect, it } from 'vitest';
import { OFFLINE_REASONS, STARTING_REASONS, type StreamState, WITHHELD_REASONS } from '../camera/state.js';
import { FINDING_KINDS } from '../rules/finding.js';
import { PROHIBITED_KINDS } from '../zones/zone.js';
import { evidenceFor, findInConfig, findInSource, findInTransition } from './find.js';

const LOBBY = { id: 'lobby', place: 'lobby', public: true, approval: 'JG-1' } as const;
const RESTROOM = { ...LOBBY, place: 'restroom' } as const;

const STATES: readonly StreamState[] = [
  { state: 'masked', reason: null },
  ...STARTING_REASONS.map((reason) => ({ state: 'starting', reason }) as const),
  ...WITHHELD_REASONS.map((reason) => ({ state: 'withheld', reason }) as const),
  ...OFFLINE_REASONS.map((reason) => ({ state: 'offline', reason }) as const),
];

describe('a stream’s new state', () => {
  it('tells what somebody must decide, and nothing else', () => {
    const told = STATES.flatMap((state) => {
      const found = findInTransition(LOBBY, state, null, 7);
      return found ? [`${state.reason} -> ${found.kind}${found.cause && `:${found.cause}`}`] : [];
    });
    expect(told).toEqual([
      'self-test-failed -> self-test-failed',
      'geometry-changed -> geometry-changed',
      'view-covered -> view-covered',
      'view-moved -> view-moved',
      'view-lost -> view-lost',
      'analysis-stale -> analysis-stale',
      'source-lost -> source-lost:source-lost',
      'source-stalled -> source-lost:source-stalled',
      'source-refused -> source-lost:source-refused',
    ]);
  });

  it('says in one sentence why', () => {
    const state = { state: 'withheld', reason: 'view-moved' } as const;
    expect(findInTransition(LOBBY, state, 'the picture is shifted by 3 % of its width', 7)?.detail).toBe(
      'The camera does not look where its zones were drawn: the picture is shifted by 3 % of its width',
    );
  });

  it('tells of a place that is declared prohibited; one that is recognised is told by who recognises it', () => {
    const state = { state: 'withheld', reason: 'prohibited-place' } as const;
    expect(findInTransition(RESTROOM, state, null, 7)).toMatchObject({
      kind: 'prohibited-place',
      cause: 'declared',
      at: 7,
    });
    expect(findInTransition(LOBBY, state, null, 7)).toBe(null);
  });
});

it('sound is a finding where none may be taken', () => {
  const info = { offersAudio: true } as never;
  expect(findInSource(RESTROOM, info, 7)).toMatchObject({ kind: 'audio-offered', camera: 'lobby' });
  expect(findInSource(LOBBY, info, 7)).toBe(null);
  expect(findInSource(RESTROOM, { offersAudio: false } as never, 7)).toBe(null);
});

it('zones that would mask less and a public place without an approval are findings', () => {
  const pending = { wanted: { zones: [], unmasked: 'x' }, losses: [{ message: 'Zone a is gone.' }] } as never;
  expect(findInConfig(LOBBY, null, null, 7)).toEqual([]);
  expect(findInConfig(LOBBY, pending, null, 7)).toMatchObject([
    { kind: 'zones-mask-less', detail: expect.stringContaining('Zone a is gone.') },
  ]);
  expect(findInConfig({ ...LOBBY, approval: null }, null, null, 7)).toMatchObject([{ kind: 'approval-missing' }]);
  expect(findInConfig({ ...LOBBY, approval: null, public: false }, null, null, 7)).toEqual([]);
});

it('a prohibited place that the site file names no more is a finding, and one that it still names is none twice', () => {
  expect(findInConfig(LOBBY, null, 'restroom', 7)).toMatchObject([
    { kind: 'prohibited-place', cause: 'declared', detail: expect.stringMatching(/restroom.*lobby.*two people/) },
  ]);
  expect(findInConfig(RESTROOM, null, 'restroom', 7)).toEqual([]);
});

describe('the picture that is kept', () => {
  it('of a prohibited place is never more than coarse, whatever was found', () => {
    for (const place of PROHIBITED_KINDS)
      for (const kind of FINDING_KINDS) expect(evidenceFor({ kind }, place)).not.toBe('zones');
    expect(evidenceFor({ kind: 'prohibited-place' }, 'lobby')).toBe('whole');
    expect(evidenceFor({ kind: 'undressed-person' }, 'lobby')).toBe('whole');
  });

  it('is masked by zones elsewhere, and none where there is nothing to see', () => {
    expect(evidenceFor({ kind: 'person-entered' }, 'lobby')).toBe('zones');
    expect(evidenceFor({ kind: 'source-lost' }, 'lobby')).toBe('none');
  });
});
