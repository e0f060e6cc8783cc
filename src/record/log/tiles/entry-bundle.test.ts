import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frameEntry, readBundle } from './entry-bundle.js';

const entries = fc.array(
  fc.uint8Array({ maxLength: 600 }).map((bytes) => Buffer.from(bytes)),
  { maxLength: 12 },
);

describe('an entry bundle', () => {
  it('has a big-endian length of two bytes before each entry', () => {
    expect(frameEntry(Buffer.alloc(258, 7)).subarray(0, 3).toString('hex')).toBe('010207');
  });

  it('is read back as the entries it was made of', () => {
    fc.assert(
      fc.property(entries, (list) => {
        const bundle = Buffer.concat(list.map(frameEntry));
        expect(readBundle(bundle, 256)).toEqual({ entries: list, end: bundle.length });
      }),
    );
  });

  it('cut anywhere yields the entries before the cut, and where they end', () => {
    fc.assert(
      fc.property(entries, fc.nat(), (list, cut) => {
        const bundle = Buffer.concat(list.map(frameEntry));
        const at = cut % (bundle.length + 1);
        const read = readBundle(bundle.subarray(0, at), 256);
        expect(read.entries).toEqual(list.slice(0, read.entries.length));
        expect(read.end).toBeLessThanOrEqual(at);
        const next = list[read.entries.length];
        if (next) expect(read.end + 2 + next.length).toBeGreaterThan(at);
      }),
    );
  });

  it('is not read beyond the entries asked for', () => {
    const bundle = Buffer.concat([frameEntry(Buffer.from('a')), frameEntry(Buffer.from('b'))]);
    expect(readBundle(bundle, 1)).toEqual({ entries: [Buffer.from('a')], end: 3 });
  });
});
