import { describe, expect, it } from 'vitest';
import { type StreamState, stateLabel } from './state.js';
import { StateKeeper } from './state-keeper.js';

function keeper(given: ConstructorParameters<typeof StateKeeper>[0] = []) {
  const told: string[] = [];
  const tell = (state: StreamState, detail: string | null, isNew: boolean) =>
    told.push(`${stateLabel(state)} ${detail ?? '-'} ${isNew ? 'new' : 'same'}`);
  return { keeper: new StateKeeper(given, tell), told };
}

describe('StateKeeper', () => {
  it('shows a reason that was given from the start, whatever the source does', () => {
    const { keeper: kept, told } = keeper(['operator']);
    kept.be({ kind: 'masking' }, null);
    expect(told).toEqual(['withheld:operator - new']);
  });

  it('wants a keyframe after a release: what was withheld decoded keyframes alone', () => {
    const { keeper: kept, told } = keeper();
    kept.be({ kind: 'masking' }, null);
    kept.hold('view-moved');
    kept.settle('by 4 %');
    kept.release('view-moved');
    kept.settle(null);
    expect(told).toEqual(['masked - new', 'withheld:view-moved by 4 % new', 'starting:waiting-for-keyframe - new']);
  });

  it('tells a new detail of the same state, and says nothing where nothing changed', () => {
    const { keeper: kept, told } = keeper();
    kept.be({ kind: 'offline', reason: 'source-lost' }, 'refused');
    kept.be({ kind: 'offline', reason: 'source-lost' }, 'refused');
    kept.be({ kind: 'offline', reason: 'source-lost' }, 'no route');
    expect(told).toEqual(['offline:source-lost refused new', 'offline:source-lost no route same']);
  });

  it('holds its own reasons apart from those given', () => {
    const { keeper: kept } = keeper();
    kept.be({ kind: 'masking' }, null);
    kept.hold('view-lost');
    kept.give(['operator']);
    kept.give([]);
    expect(stateLabel(kept.state)).toBe('withheld:view-lost');
    expect(kept.has('view-lost')).toBe(true);
    expect(kept.has('operator')).toBe(false);
  });
});
