import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_REORDERING, ReorderBuffer, type ReorderLimits } from './reorder.js';

const LIMITS: ReorderLimits = { maxPackets: 16, maxMs: 50 };

/** Numbers packets as they come; a delivery is `[number, lost before it]`. */
const reorder = (limits = LIMITS) => {
  const delivered: [sequence: number, lost: number][] = [];
  const buffer = new ReorderBuffer(limits, (packet, lost) => delivered.push([packet.readUInt32BE(0), lost]));
  const push = (number: number, nowMs = 0): void => {
    const packet = Buffer.alloc(4);
    packet.writeUInt32BE(number);
    buffer.push(packet, number & 0xffff, nowMs);
  };
  return { buffer, delivered, push };
};

describe('the reorder buffer', () => {
  it('passes packets in order straight through, over the wrap of the numbers', () => {
    const { push, delivered, buffer } = reorder();
    for (let i = 65_534; i < 65_539; i++) push(i);
    expect(delivered).toEqual([65534, 65535, 65536, 65537, 65538].map((number) => [number, 0]));
    expect(buffer.isWaiting).toBe(false);
  });

  it('puts swapped packets into order', () => {
    const { push, delivered } = reorder();
    for (const number of [10, 12, 11, 15, 14, 13]) push(number);
    expect(delivered).toEqual([10, 11, 12, 13, 14, 15].map((number) => [number, 0]));
  });

  it('gives up a gap after its time, and says how many are lost', () => {
    const { push, delivered, buffer } = reorder();
    push(1, 0);
    push(4, 10);
    push(5, 20);
    buffer.tick(59);
    expect(delivered).toEqual([[1, 0]]);
    buffer.tick(60);
    expect(delivered).toEqual([
      [1, 0],
      [4, 2],
      [5, 0],
    ]);
    push(3, 61);
    expect(buffer.late).toBe(1);
  });

  it('lets no packet wait longer than the limit, however many gaps are before it', () => {
    const { push, delivered, buffer } = reorder();
    push(1, 0);
    for (const [i, number] of [9, 7, 5, 3].entries()) push(number, 10 + i);
    buffer.tick(60);
    expect(delivered.at(-1)).toEqual([9, 1]);
  });

  it('gives up a gap where too many packets wait behind it', () => {
    const { push, delivered } = reorder();
    push(0);
    for (let number = 2; number <= 17; number++) push(number);
    expect(delivered).toHaveLength(17);
    expect(delivered[1]).toEqual([2, 1]);
  });

  it('drops what came twice', () => {
    const { push, delivered, buffer } = reorder();
    for (const number of [1, 1, 3, 3, 2, 3]) push(number);
    expect(delivered.map(([number]) => number)).toEqual([1, 2, 3]);
    expect(buffer.late).toBe(3);
  });

  it('follows a sender that began anew, and no lone stray packet', () => {
    const { push, delivered } = reorder();
    for (const number of [100, 40_000, 101, 20_000, 20_001, 20_002]) push(number);
    expect(delivered).toEqual([
      [100, 0],
      [101, 0],
      [20_001, 1],
      [20_002, 0],
    ]);
  });

  it('hands on what waits when another source begins', () => {
    const { push, delivered, buffer } = reorder();
    push(1);
    push(3);
    buffer.beginSource();
    push(40_000);
    push(40_001);
    expect(delivered).toEqual([
      [1, 0],
      [3, 1],
      [40_000, 1],
      [40_001, 0],
    ]);
  });

  it('never delivers out of order, twice, or less than came, whatever the network does', () => {
    const network = fc.record({
      first: fc.integer({ min: 0, max: 0xffff }),
      // Each packet's delay decides its place, -1: lost.
      delays: fc.array(fc.integer({ min: -1, max: 12 }), { minLength: 1, maxLength: 120 }),
    });
    fc.assert(
      fc.property(network, ({ first, delays }) => {
        const arrivals = delays
          .map((delay, i) => ({ number: first + i, at: i + delay, lost: delay < 0 && i > 0 }))
          .filter(({ lost }) => !lost)
          .toSorted((a, b) => a.at - b.at);
        const { push, delivered, buffer } = reorder();
        for (const { number, at } of arrivals) push(number, at);
        buffer.tick(1000);
        let previous = delivered[0]![0];
        for (const [number, lost] of delivered.slice(1)) {
          expect(number).toBe(previous + 1 + lost);
          previous = number;
        }
        expect(delivered.length + buffer.late).toBe(arrivals.length);
      }),
      { numRuns: 500 },
    );
  });
});

describe('without reordering (TCP)', () => {
  it('nothing waits, gaps are reported, and a step back is a loss', () => {
    const { push, delivered, buffer } = reorder(NO_REORDERING);
    for (const number of [1, 2, 5, 6, 3, 4, 60_000]) push(number);
    expect(delivered).toEqual([
      [1, 0],
      [2, 0],
      [5, 2],
      [6, 0],
      [3, 1],
      [4, 0],
      [60_000, 1],
    ]);
    expect(buffer.isWaiting).toBe(false);
  });
});
