import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { VeilgateError } from '../errors.js';
import { fingerprint } from '../record/log/note/verifier-key.js';
import { verifierArgument } from '../record/log/verify/verifier-argument.js';
import { compareReports, formatComparison } from '../validate/compare/compare.js';
import { parseReport, type Report } from '../validate/report/report.js';
import { verifyReport } from '../validate/report/sign.js';
import type { Output } from './check.js';

const REPORT_FILE = 'report.json';

/** How it is found out who signed, by what the report says of its key. */
const PROVE_IT: Readonly<Record<Report['signer']['pinned'], string>> = {
  site: 'To prove who signed it: --key, with what "veilgate keys show" printed on the machine of the site, kept elsewhere.\n',
  none: 'Nobody can prove who signed it: its key was made for its run and thrown away. Validate with --site to have one that can be known.\n',
};

export interface ValidateVerifyOptions {
  /** Public key from elsewhere than the report: a verifier key, a fingerprint, PEM, or a file with one of them. */
  readonly key?: string;
  readonly stdout: Output;
  readonly stderr: Output;
}

/**
 * `veilgate validate verify <report.json>`, or the folder with it: offline, changes nothing. 0 and what it is on stdout, or 1 and what is
 * wrong on stderr.
 */
export async function runValidateVerify(place: string, { key, stdout, stderr }: ValidateVerifyOptions): Promise<0 | 1> {
  try {
    const path = (await isFolder(place)) ? join(place, REPORT_FILE) : place;
    const report = await readReport(path);
    const { signer } = report;
    const pinned =
      key === undefined ? null : await verifierArgument(key, { origin: nameOf(signer.key), vkey: signer.key });
    const verdict = verifyReport(report, pinned, await digestBeside(path, report));
    if (verdict.problems.length > 0) {
      stderr.write(`NOT verified: ${path}: ${verdict.problems.join('; ')}\n`);
      return 1;
    }
    const by = verdict.signer
      ? `signed by ${verdict.signer.name} (${fingerprint(verdict.signer)})`
      : `signer not proven${signer.pinned === 'none' ? ', signed with a key of its own run' : ''} (${signer.fingerprint})`;
    const { dataset, product } = report;
    stdout.write(
      `consistent; ${by}\nveilgate ${product.version}${product.commit ? ` (${product.commit})` : ''} on ${dataset.name}: ${dataset.used} files, dataset ${dataset.digest}, result ${report.resultDigest}\n`,
    );
    if (!verdict.signer) stdout.write(PROVE_IT[signer.pinned]);
    return 0;
  } catch (error) {
    if (!(error instanceof VeilgateError)) throw error;
    stderr.write(`NOT verified: ${error.message}\n`);
    return 1;
  }
}

/** `veilgate validate --compare a.json b.json`: what got better or worse from the first to the second. */
export async function runValidateCompare(
  paths: readonly string[],
  { stdout }: { readonly stdout: Output },
): Promise<0> {
  if (paths.length !== 2)
    throw new VeilgateError('bad-arguments', '--compare takes two reports: the earlier one and the later one.');
  const [before, after] = await Promise.all([readReport(paths[0]!), readReport(paths[1]!)]);
  stdout.write(formatComparison(compareReports(before, after)));
  return 0;
}

async function readReport(path: string): Promise<Report> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new VeilgateError('no-report', `${path} cannot be found or read.`, { cause });
  });
  return parseReport(text, path);
}

const isFolder = async (path: string): Promise<boolean> => (await stat(path).catch(() => null))?.isDirectory() ?? false;

const nameOf = (key: string): string => key.slice(0, key.indexOf('+')) || 'unknown';

/** Of the files that a report names: those that lie beside it. */
async function digestBeside(path: string, { files }: Report): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const name of Object.keys(files)) {
    if (!/^[\w.-]+$/.test(name)) continue;
    const bytes = await readFile(join(dirname(path), name)).catch(() => null);
    if (bytes) found[name] = createHash('sha256').update(bytes).digest('hex');
  }
  return found;
}
