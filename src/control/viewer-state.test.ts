import { describe, expect, it } from 'vitest';
import { stateLabel } from '../camera/state.js';
import { ViewerState } from './viewer-state.js';

const MASKED = { state: 'masked', reason: null } as const;
const LOST = { state: 'offline', reason: 'source-lost' } as const;

function watched() {
  const changes: string[] = [];
  const state = new ViewerState((before, now) => changes.push(`${stateLabel(before)} > ${stateLabel(now)}`));
  return { state, changes };
}

describe('ViewerState', () => {
  it('lets a reason to withhold win, whoever knows of it', () => {
    const { state, changes } = watched();
    state.workerIs(MASKED, null);
    state.hold(['operator'], true);
    state.workerIs({ state: 'withheld', reason: 'view-moved' }, 'moved by 40 px');
    expect(state.state.state).toBe('withheld');
    state.hold(['operator'], false);
    expect(state.state).toEqual({ state: 'withheld', reason: 'view-moved' });
    state.workerIs(MASKED, null);
    expect(changes[0]).toBe('starting:worker-starting > masked');
    expect(changes.at(-1)).toBe('withheld:view-moved > masked');
  });

  it('tells of a change of state alone, and keeps the last detail', () => {
    const { state, changes } = watched();
    state.workerIs(LOST, 'refused');
    state.workerIs(LOST, 'no route');
    expect(changes).toEqual(['starting:worker-starting > offline:source-lost']);
    expect(state.standing.detail).toBe('no route');
  });

  it('counts one interruption from the loss of the picture to the next one', () => {
    const { state } = watched();
    state.workerIs(LOST, null);
    expect(state.standing.interruption).toBeNull();
    state.workerIs(MASKED, null);
    state.workerIs(LOST, null);
    state.workerIs({ state: 'starting', reason: 'connecting' }, null);
    expect(state.standing.interruption).toMatchObject({ reason: 'source-lost', until: null });
    state.workerIs(MASKED, null);
    expect(state.standing.interruption).toMatchObject({ reason: 'source-lost', until: expect.any(String) });
  });
});
