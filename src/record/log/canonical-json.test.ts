import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, type Json } from './canonical-json.js';

/** JSON with text that UTF-8 can carry. */
const json = fc.jsonValue({ stringUnit: 'grapheme', maxDepth: 5 }) as fc.Arbitrary<Json>;

const shuffled = (value: Json): Json => {
  if (Array.isArray(value)) return value.map(shuffled);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, shuffled(item!)]),
  );
};

describe('canonical JSON', () => {
  it('is read back as the same value', () => {
    // -0 is 0 in JSON.
    fc.assert(
      fc.property(json, (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(toPositiveZero(value));
      }),
    );
  });

  it('does not depend on the order of keys, and is its own canonical form', () => {
    fc.assert(
      fc.property(json, (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(shuffled(value))).toBe(text);
        expect(canonicalJson(JSON.parse(text) as Json)).toBe(text);
      }),
    );
  });

  it('sorts keys by UTF-16 code units and writes numbers as RFC 8785 does', () => {
    const value = { '\u20ac': 1e21, '\r': 333333333.3333333, '\ufb33': 4.5, '1': 0.002, '\ud83d\ude00': 1e-27 };
    expect(canonicalJson(value)).toBe(
      '{"\\r":333333333.3333333,"1":0.002,"\u20ac":1e+21,"\ud83d\ude00":1e-27,"\ufb33":4.5}',
    );
  });

  it('leaves out what is undefined', () => {
    expect(canonicalJson({ a: undefined, b: 1 })).toBe('{"b":1}');
  });

  it.each([
    ['a buffer', { pixels: Buffer.from('x') }, /\$\.pixels is a Buffer/],
    ['a date', [new Date(0)], /\$\[0\] is a Date/],
    ['NaN', { n: Number.NaN }, /\$\.n is no finite number/],
    ['half a character', { s: '\ud800' }, /\$\.s holds half a character/],
    ['a function', { f: () => {} }, /\$\.f is of type function/],
    ['a hole', [undefined], /\$\[0\] is of type undefined/],
  ])('refuses %s, and says where it is', (_, value, message) => {
    expect(() => canonicalJson(value as unknown as Json)).toThrow(message);
  });

  it('refuses what holds itself', () => {
    const value: Record<string, Json> = {};
    value.self = value;
    expect(() => canonicalJson(value)).toThrow(/nested too deeply/);
  });
});

const toPositiveZero = (value: Json): unknown => JSON.parse(JSON.stringify(value));
