import { describe, expect, it } from 'vitest';
import { fingerprint, formatVerifierKey } from '../../record/log/note/verifier-key.js';
import { type Findings, parseReport, type Report, resultDigest } from './report.js';
import { makeRunKey, signReport, verifyReport } from './sign.js';

const found = {
  format: 'veilgate-validation/1',
  product: { name: 'veilgate', version: '1', commit: null },
  seed: 1,
  results: { masks: { leakedFrames: 0 } },
  items: [{ file: 'a.jpg' }],
} as unknown as Findings;

const key = makeRunKey();
const signed = (findings = found): Report =>
  signReport(
    {
      ...findings,
      resultDigest: resultDigest(findings),
      run: { startedAt: '2026-01-01T00:00:00Z', seconds: 1, resumed: 0, machine: {} as never },
      signer: { key: formatVerifierKey(key), fingerprint: fingerprint(key), pinned: 'none', site: null },
      files: { 'report.html': 'aa' },
    },
    key,
  );
const problems = (report: Report, by = key, files = {}): readonly string[] => verifyReport(report, by, files).problems;

describe('a signed report', () => {
  it('is verified after a way through a file', () => {
    const report = parseReport(JSON.stringify(signed(), null, 1), 'r');
    expect(verifyReport(report, key, { 'report.html': 'aa' })).toEqual({ problems: [], signer: key });
    expect(verifyReport(report, null, {})).toEqual({ problems: [], signer: null });
  });

  it('is not verified once anything of it is changed', () => {
    const report = signed();
    expect(problems({ ...report, seed: 2 })).toContain('it was changed after it was signed');
    expect(problems({ ...report, results: { masks: { leakedFrames: 1 } } as never })).toHaveLength(2);
    expect(problems({ ...report, run: { ...report.run, seconds: 2 } })).toEqual(['it was changed after it was signed']);
    expect(problems({ ...report, signature: 'none' })).toEqual(['it bears no signature that can be read']);
    expect(problems(report, key, { 'report.html': 'bb' })).toEqual([
      'report.html beside it is not the one that was signed',
    ]);
  });

  it('is not verified with another key, nor when it was signed anew under a name that is not its own', () => {
    const report = signed();
    const other = makeRunKey();
    expect(problems(report, other)).toHaveLength(1);
    const { signature: _, ...rest } = report;
    expect(verifyReport(signReport(rest, other), null, {}).problems).not.toEqual([]);
    const posing = signReport({ ...rest, signer: { ...rest.signer, key: formatVerifierKey(other) } }, other);
    expect(problems(posing, other)).toContain('its fingerprint is not that of its key');
  });

  it.each(['{', '{}', '{"format":"veilgate-validation/2"}'])('%s is none', (text) => {
    expect(() => parseReport(text, 'r')).toThrow(expect.objectContaining({ code: 'no-report' }));
  });
});
