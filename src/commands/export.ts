import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadSite } from '../config/load.js';
import { VeilgateError } from '../errors.js';
import { unpackExport } from '../record/export/export-archive.js';
import { ownKeyOf, verifyExport } from '../record/export/verify-export.js';
import { fingerprint, formatVerifierKey } from '../record/log/note/verifier-key.js';
import { verifierArgument } from '../record/log/verify/verifier-argument.js';
import { replaceFile } from '../replace-file.js';
import type { Output } from './check.js';
import { askGateway, type GatewayAnswer, jsonOf, refusalOf } from './gateway-client.js';

/** How often it is asked whether the second person has agreed, ms. */
const ASK_EVERY_MS = 2_000;

export interface ExportOptions {
  readonly site: string;
  readonly out: string;
  readonly from: string;
  readonly to: string;
  readonly camera?: string;
  readonly purpose: string;
  readonly env: NodeJS.ProcessEnv;
  readonly stdout: Output;
}

/**
 * `veilgate export`: asks the running gateway for an export, waits until a second person has agreed, and keeps the zip.
 *
 * @throws VeilgateError `no-gateway`, `export-refused`
 */
export async function runExport({ site: path, out, env, stdout, ...wanted }: ExportOptions): Promise<void> {
  const { site } = await loadSite(path, env);
  const { from, to, camera, purpose } = wanted;
  const body = { from: instant(from), to: instant(to), purpose, ...(camera !== undefined && { camera }) };
  const ask = async (approval: string | null): Promise<GatewayAnswer> => {
    const headers = approval === null ? {} : { approval };
    const answer = await askGateway(site, env, { method: 'POST', path: '/api/v1/exports', body, headers });
    if (answer === null)
      throw new VeilgateError('no-gateway', 'No gateway answers: start it, as it keeps what is to be exported.');
    return answer;
  };
  let answer = await ask(null);
  const { error } = jsonOf(answer) as { error?: { code?: string; approval?: string } };
  if (answer.status === 409 && error?.code === 'second-person-needed' && error.approval !== undefined) {
    const { approval } = error;
    stdout.write(
      `Request ${approval} waits for a second person to agree (console, or POST /api/v1/approvals/${approval}/decision).\n`,
    );
    do {
      await sleep(ASK_EVERY_MS);
      answer = await ask(approval);
    } while (answer.status === 409 && codeOf(answer) === 'approval-not-granted');
  }
  if (answer.status !== 200)
    throw new VeilgateError('export-refused', `The gateway did not export: ${refusalOf(answer)}`);
  await replaceFile(out, answer.bytes);
  stdout.write(`${out}: ${answer.bytes.length} bytes. "veilgate export verify ${out}" checks it.\n`);
}

const codeOf = (answer: GatewayAnswer): string | undefined =>
  (jsonOf(answer).error as { code?: string } | undefined)?.code;

/** A day is from its midnight, UTC. */
const instant = (text: string): string => {
  const time = new Date(text);
  if (!Number.isNaN(time.getTime())) return time.toISOString();
  throw new VeilgateError('time-invalid', `"${text}" is no time: write 2026-03-01 or 2026-03-01T08:00:00Z.`);
};

export interface ExportVerifyOptions {
  /** The site's public key, from elsewhere than the export. */
  readonly key?: string;
  readonly stdout: Output;
  readonly stderr: Output;
}

/** `veilgate export verify <zip>`: checks an export offline. 0: whole; 1: not, and why. */
export async function runExportVerify(path: string, { key, stdout, stderr }: ExportVerifyOptions): Promise<0 | 1> {
  try {
    const files = await unpackExport(await readFile(path));
    const own = ownKeyOf(files);
    const claims = { origin: own?.name ?? 'unknown', vkey: own === null ? null : formatVerifierKey(own) };
    const verifier = key === undefined ? own : await verifierArgument(key, claims);
    if (verifier === null)
      throw new VeilgateError('bad-key', 'There is no key in the export: give the one of the site (--key).');
    const { manifest, problems } = verifyExport(files, verifier);
    if (manifest !== null && problems.length === 0) {
      const by = key === undefined ? 'signer not proven' : `signed by ${verifier.name} (${fingerprint(verifier)})`;
      const { id, site, exportedBy, approvedBy, at, from, to, purpose } = manifest;
      stdout.write(
        `whole; ${by}\n${site}: export ${id} of ${at}, by ${exportedBy}, agreed to by ${approvedBy}, for: ${purpose}\n${manifest.files.length} files, ${from} to ${to}\n`,
      );
      return 0;
    }
    stderr.write(`NOT whole: ${path}\n${problems.join('\n')}\n`);
  } catch (error) {
    if (!(error instanceof VeilgateError) && !(error instanceof Error && 'syscall' in error)) throw error;
    stderr.write(`NOT verified: ${error.message}\n`);
  }
  return 1;
}
