import { describe, expect, it } from 'vitest';
import { makeKey } from '../audit-log.fixture.js';
import { EMPTY_ROOT, hashLeaf, hashNode } from '../merkle/hash.js';
import { parseCheckpoint, signCheckpoint } from './checkpoint.js';
import { formatInclusionNote, parseInclusionNote, verifyInclusionNote } from './inclusion-note.js';
import { signNote } from './signed-note.js';

const key = makeKey();
const parse = (text: string) => parseCheckpoint(Buffer.from(text));
const root = EMPTY_ROOT.toString('base64');

describe('a checkpoint', () => {
  it("of the specification's example is read", () => {
    const text =
      'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n' +
      '\u2014 example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n';
    expect(parse(text)).toMatchObject({ origin: 'example.com/behind-the-sofa', size: 20_852_163 });
  });

  it('is read back as what was signed', () => {
    expect(parse(signCheckpoint({ size: 7, root: EMPTY_ROOT }, key))).toMatchObject({
      origin: key.name,
      size: 7,
      root: EMPTY_ROOT,
    });
  });

  it('may have extension lines', () => {
    expect(parse(signNote(`site\n7\n${root}\nmore\n`, key))).toMatchObject({ size: 7 });
  });

  it.each([
    ['a size with a leading zero', `site\n07\n${root}\n`],
    ['a negative size', `site\n-7\n${root}\n`],
    ['a size beyond counting', `site\n99999999999999999999\n${root}\n`],
    ['a short head', 'site\n7\nAAAA\n'],
    ['another spelling of the head', `site\n7\n${root.replace(/U=$/, 'V=')}\n`],
    ['no head', 'site\n7\n'],
    ['no origin', `\n7\n${root}\n`],
    ['an empty extension line', `site\n7\n${root}\n\nmore\n`],
  ])('with %s is none', (_, text) => {
    expect(parse(signNote(text, key))).toBeNull();
  });
});

describe('an inclusion note', () => {
  const leaves = [0, 1].map((n) => hashLeaf(Buffer.of(n)));
  const checkpoint = signCheckpoint({ size: 2, root: hashNode(leaves[0]!, leaves[1]!) }, key);
  const text = formatInclusionNote(1, [leaves[0]!], checkpoint);

  it('proves offline that the entry is in the log', () => {
    const note = parseInclusionNote(Buffer.from(text))!;
    expect(note).toMatchObject({ index: 1, path: [leaves[0]] });
    expect(verifyInclusionNote(note, leaves[1]!, key)).toBe(true);
    expect(verifyInclusionNote(note, leaves[0]!, key)).toBe(false);
    expect(verifyInclusionNote(note, leaves[1]!, makeKey())).toBe(false);
    expect(verifyInclusionNote({ ...note, index: 0 }, leaves[1]!, key)).toBe(false);
  });

  it('is written as C2SP tlog-proof has it', () => {
    expect(text).toBe(`c2sp.org/tlog-proof@v1\nindex 1\n${leaves[0]!.toString('base64')}\n\n${checkpoint}`);
  });

  it('may carry extra data, which is not looked at', () => {
    expect(parseInclusionNote(Buffer.from(text.replace('\n', '\nextra QUJD\n')))).toMatchObject({ index: 1 });
  });

  it.each([
    ['another header', text.replace('@v1', '@v2')],
    ['an index with a leading zero', text.replace('index 1', 'index 01')],
    ['a short hash', text.replace(leaves[0]!.toString('base64'), 'AAAA')],
    ['no checkpoint', text.slice(0, text.indexOf('\n\n') + 2)],
    ['nothing', ''],
  ])('with %s is none', (_, bad) => {
    expect(parseInclusionNote(Buffer.from(bad))).toBeNull();
  });
});
