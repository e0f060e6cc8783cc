import { describe, expect, it } from 'vitest';
import { Fence } from './fence.js';

describe('the fence', () => {
  it('lets pass what the present worker masked with the zones in force', () => {
    const fence = new Fence();
    const epoch = fence.nextEpoch();
    fence.require(3);
    expect(fence.passes({ epoch, revision: 3 })).toBe(true);
    expect(fence.passes({ epoch, revision: 4 })).toBe(true);
    expect(fence.dropped).toBe(0);
  });

  it('stops and counts what comes from a worker that was replaced', () => {
    const fence = new Fence();
    const old = fence.nextEpoch();
    fence.nextEpoch();
    expect(fence.passes({ epoch: old, revision: 0 })).toBe(false);
    expect(fence.dropped).toBe(1);
  });

  it('stops what was masked with zones older than acknowledged, and never lowers the bar', () => {
    const fence = new Fence();
    const epoch = fence.nextEpoch();
    fence.require(5);
    fence.require(2);
    expect(fence.passes({ epoch, revision: 4 })).toBe(false);
  });
});
