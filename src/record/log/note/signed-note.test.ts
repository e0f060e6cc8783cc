import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeKey } from '../audit-log.fixture.js';
import { checkSignature, parseNote, signNote } from './signed-note.js';
import { fingerprint, formatVerifierKey, parseVerifierKey } from './verifier-key.js';

/** The example in the documentation of golang.org/x/mod/sumdb/note. */
const VKEY = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const NOTE =
  'If you think cryptography is the answer to your problem,\n' +
  "then you don't know what your problem is.\n" +
  '\n' +
  '\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';

const key = makeKey();
const parse = (text: string) => parseNote(Buffer.from(text));

describe('a signed note', () => {
  it("of Go's documentation is read and verified", () => {
    expect(checkSignature(parse(NOTE)!, parseVerifierKey(VKEY))).toBe('signed');
    expect(formatVerifierKey(parseVerifierKey(VKEY))).toBe(VKEY);
  });

  it('is read back as what was signed, by whom', () => {
    const line = fc.string({ unit: 'grapheme' }).filter((text) => !/\p{Cc}/u.test(text));
    fc.assert(
      fc.property(fc.array(line, { minLength: 1 }), (lines) => {
        const text = `.${lines.join('\n')}\n`;
        const note = parse(signNote(text, key))!;
        expect(note.text).toBe(text);
        expect(checkSignature(note, key)).toBe('signed');
        expect(checkSignature(note, makeKey())).toBe('unsigned');
        expect(checkSignature(note, makeKey('another.example'))).toBe('unsigned');
      }),
      { numRuns: 50 },
    );
  });

  it('is no longer signed once any bit of it is flipped', () => {
    const note = Buffer.from(signNote('example.org/site\n12\nhead\n', key));
    for (let bit = 0; bit < note.length * 8; bit++) {
      const flipped = Buffer.from(note);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      const read = parseNote(flipped);
      if (read) expect(checkSignature(read, key)).not.toBe('signed');
    }
  });

  it('cut short anywhere is none', () => {
    const note = Buffer.from(signNote('example.org/site\n12\nhead\n', key));
    for (let length = 0; length < note.length; length++) expect(parseNote(note.subarray(0, length))).toBeNull();
  });

  it('may carry signatures of others, known and unknown', () => {
    const [mine, other] = [signNote('text\n', key), signNote('text\n', makeKey('witness.example'))];
    const both = parse(mine + other.slice('text\n\n'.length))!;
    expect(both.signatures.map(({ name }) => name)).toEqual(['example.org/site', 'witness.example']);
    expect(checkSignature(both, key)).toBe('signed');
  });

  it('with one signature of a key that is not its own is forged, whatever else it carries', () => {
    const [good, bad] = [signNote('text\n', key), signNote('other\n', key)];
    const both = good + bad.slice('other\n\n'.length);
    expect(checkSignature(parse(both)!, key)).toBe('forged');
  });

  it.each([
    ['no signature', 'text\n\n'],
    ['a control character', signNote('te\txt\n', key)],
    ['no newline at the end', signNote('text\n', key).slice(0, -1)],
    ['a signature that is not base64', 'text\n\n\u2014 name a*b\n'],
    ['a signature without room for a key id', 'text\n\n\u2014 name AAAA\n'],
    ['a hyphen for the em dash', signNote('text\n', key).replace('\u2014', '-')],
  ])('with %s is none', (_, text) => {
    expect(parse(text)).toBeNull();
  });
});

describe('a verifier key', () => {
  it.each([
    ['of another type', 'PeterNeumann+c74f20a3+BBpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'],
    ['with another name', VKEY.replace('Peter', 'Paul')],
    ['with a changed character', VKEY.replace('ARpc', 'ARpd')],
    ['cut short', VKEY.slice(0, -1)],
    ['in words', 'the key of the site'],
  ])('%s is refused', (_, text) => {
    expect(() => parseVerifierKey(text)).toThrow(expect.objectContaining({ code: 'bad-key' }));
  });

  it('has a fingerprint that is its own', () => {
    expect(fingerprint(parseVerifierKey(VKEY))).toBe('SHA256:k25oTrQuQX6Xn5Bxxfx/sqPjhfxVk0HRUPgfbRJEU0w=');
    expect(fingerprint(makeKey())).not.toBe(fingerprint(makeKey()));
  });

  it.each(['', 'with space', 'with+plus', 'new\nline', '\ud800'])('cannot be called %j', (name) => {
    expect(() => makeKey(name)).toThrow(expect.objectContaining({ code: 'bad-key' }));
  });
});
