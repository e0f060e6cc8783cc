import { describe, expect, it } from 'vitest';
import { decodeLine } from './decode.js';

const ALPHABET = ['a', 'b', 'c'];

/** Probabilities of a recogniser that is 0.7 sure of the given classes, one a step. */
const saying = (...classes: number[]): Float32Array =>
  Float32Array.from(classes.flatMap((best) => [0, 1, 2, 3].map((i) => (i === best ? 0.7 : 0.1))));

describe('what a recogniser says', () => {
  it('is its likeliest classes, repeats once, nothing left out', () => {
    expect(decodeLine(saying(0, 1, 1, 0, 1, 2, 2, 3, 0), 4, ALPHABET).text).toBe('aabc');
  });

  it('is as sure as its characters, and knows where they are', () => {
    const line = decodeLine(saying(0, 0, 2, 0), 4, ALPHABET);
    expect(line.score).toBeCloseTo(0.7, 5);
    expect(line.characters[0]).toMatchObject({ text: 'b', at: 0.625 });
  });

  it('is nothing where nothing is written', () => {
    expect(decodeLine(saying(0, 0, 0), 4, ALPHABET)).toEqual({ characters: [], text: '', score: 0 });
  });
});
