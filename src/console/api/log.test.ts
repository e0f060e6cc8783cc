import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isConsistent } from './log.js';

const sha = (...parts: Buffer[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();
const leaves = Array.from({ length: 20 }, (_, i) => sha(Buffer.from([0]), Buffer.from(`entry ${i}`)));
const cut = (n: number): number => 2 ** Math.ceil(Math.log2(n) - 1);

/** RFC 9162, 2.1.1. */
const rootOf = (part: readonly Buffer[]): Buffer =>
  part.length === 1
    ? part[0]!
    : sha(Buffer.from([1]), rootOf(part.slice(0, cut(part.length))), rootOf(part.slice(cut(part.length))));

/** RFC 9162, 2.1.4.1. */
const proofOf = (m: number, part: readonly Buffer[], whole = true): Buffer[] => {
  if (m === part.length) return whole ? [] : [rootOf(part)];
  const k = cut(part.length);
  return m <= k
    ? [...proofOf(m, part.slice(0, k), whole), rootOf(part.slice(k))]
    : [...proofOf(m - k, part.slice(k), false), rootOf(part.slice(0, k))];
};

const head = (size: number) => ({ size, root: rootOf(leaves.slice(0, size)).toString('base64') });
const path = (first: number, second: number) =>
  proofOf(first, leaves.slice(0, second)).map((node) => node.toString('base64'));

describe('a log', () => {
  it('continues what was seen, at every size', async () => {
    for (let second = 1; second <= 20; second++)
      for (let first = 1; first <= second; first++)
        expect(await isConsistent(head(first), head(second), path(first, second)), `${first} ${second}`).toBe(true);
  });

  it('does not where either head, the proof or the sizes are others', async () => {
    const other = { size: 7, root: head(6).root };
    expect(await isConsistent(other, head(13), path(7, 13))).toBe(false);
    expect(await isConsistent(head(7), { size: 13, root: head(12).root }, path(7, 13))).toBe(false);
    expect(await isConsistent(head(7), head(13), path(6, 13))).toBe(false);
    expect(await isConsistent(head(7), head(13), path(7, 13).slice(1))).toBe(false);
    expect(await isConsistent(head(7), head(13), [...path(7, 13), head(3).root])).toBe(false);
  });
});
