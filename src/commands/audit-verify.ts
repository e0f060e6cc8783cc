import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { VeilgateError } from '../errors.js';
import { NodeDisk, type ReadableDisk } from '../record/log/disk.js';
import { decodeEntry } from '../record/log/event.js';
import { CHECKPOINT_FILE, VKEY_FILE } from '../record/log/log-end.js';
import { LogReader } from '../record/log/log-reader.js';
import { parseCheckpoint } from '../record/log/note/checkpoint.js';
import { fingerprint } from '../record/log/note/verifier-key.js';
import { TILE_FOLDER } from '../record/log/tiles/tile-path.js';
import { verifierArgument } from '../record/log/verify/verifier-argument.js';
import { type EarlierCheckpoint, type Verdict, verifyLog } from '../record/log/verify/verify-log.js';
import { FileWitness } from '../record/log/witness/file-witness.js';
import { openWitness } from '../record/log/witness/open-witness.js';
import type { Witness } from '../record/log/witness/witness.js';
import type { Output } from './check.js';

/** Where the log lies in a storage folder. */
const LOG_FOLDER = 'audit';

export interface AuditVerifyOptions {
  /** The site's public key, from elsewhere than the log: a verifier key, a fingerprint, PEM, or a file with one of them. */
  readonly key?: string;
  /** A file with an earlier checkpoint of the same log. */
  readonly since?: string;
  /** A witness of the log: a file or an address that its checkpoints were sent to. */
  readonly witness?: string;
  readonly stdout: Output;
  readonly stderr: Output;
}

/**
 * `veilgate audit verify <dir>`: verifies an audit log offline, and changes nothing. `dir` is the log, or the storage folder that it
 * is in. Says that it is consistent on stdout (0), or on stderr what is wrong, first of all the first entry that does not fit (1).
 */
export async function runAuditVerify(dir: string, options: AuditVerifyOptions): Promise<0 | 1> {
  const { stdout, stderr } = options;
  try {
    const { disk, folder } = findLog(dir);
    const verdict = await verifyLog(disk, {
      key: options.key === undefined ? null : await readKey(options.key, disk),
      earlier: await readEarlier(options),
    });
    if (verdict.problems.length === 0) {
      stdout.write(await praise(disk, verdict));
      return 0;
    }
    stderr.write(blame(folder, verdict));
  } catch (error) {
    if (!(error instanceof VeilgateError) && !isFileError(error)) throw error;
    stderr.write(`NOT verified: ${error.message}\n`);
  }
  return 1;
}

/** Whether it is the file system's: a folder that may not be read, a disk that fails. */
const isFileError = (error: unknown): error is Error => error instanceof Error && 'syscall' in error;

/** The log in a folder, or in the storage folder that was named. */
function findLog(dir: string): { disk: ReadableDisk; folder: string } {
  for (const folder of [dir, join(dir, LOG_FOLDER)]) {
    // Either is enough: the other may have been deleted, which is to be found.
    if ([CHECKPOINT_FILE, TILE_FOLDER].some((name) => existsSync(join(folder, name)))) {
      return { disk: new NodeDisk(folder), folder };
    }
  }
  throw new VeilgateError(
    'no-audit-log',
    `${dir} holds no audit log: it lies in <storage.dir>/${LOG_FOLDER} and has a file called ${CHECKPOINT_FILE}.`,
  );
}

async function readKey(argument: string, disk: ReadableDisk) {
  const [checkpoint, vkey] = await Promise.all([disk.read(CHECKPOINT_FILE), disk.read(VKEY_FILE)]);
  const origin = checkpoint === null ? undefined : parseCheckpoint(checkpoint)?.origin;
  return verifierArgument(argument, { origin: origin ?? 'unknown', vkey: vkey?.toString('utf8').trim() ?? null });
}

async function readEarlier({ since, witness }: AuditVerifyOptions): Promise<EarlierCheckpoint[]> {
  const earlier: EarlierCheckpoint[] = [];
  if (since !== undefined) earlier.push(await readCheckpoint(new FileWitness(since)));
  if (witness !== undefined) earlier.push(await readCheckpoint(openWitness(witness)));
  return earlier;
}

async function readCheckpoint(witness: Witness): Promise<EarlierCheckpoint> {
  const text = await witness.latest();
  const checkpoint = text === null ? null : parseCheckpoint(Buffer.from(text));
  const source = witness.name;
  if (checkpoint !== null) return { source, checkpoint };
  throw new VeilgateError(
    'no-checkpoint',
    `${source} is no signed checkpoint: give a copy of a log's file "${CHECKPOINT_FILE}".`,
  );
}

async function praise(disk: ReadableDisk, { checkpoint, signer, notes }: Verdict): Promise<string> {
  const { origin, size, root } = checkpoint!;
  const by = signer === null ? 'signer not proven' : `signed by ${signer.name} (${fingerprint(signer)})`;
  const cure =
    'To prove who signed it: --key, with what "veilgate keys show" printed on the machine of the site, kept elsewhere.';
  const lines = [
    `consistent; ${by}`,
    `${origin}: ${size} ${size === 1 ? 'entry' : 'entries'}${await span(disk, size)}, head ${root.toString('base64')}`,
    ...notes.map((note) => `note: ${note}`),
    ...(signer === null ? [cure] : []),
  ];
  return `${lines.join('\n')}\n`;
}

/** From when to when the entries are. */
async function span(disk: ReadableDisk, size: number): Promise<string> {
  if (size === 0) return '';
  const reader = new LogReader(disk, size, '');
  const [first, last] = await Promise.all([reader.entry(0), reader.entry(size - 1)]);
  const [from, to] = [decodeEntry(first.bytes), decodeEntry(last.bytes)];
  return from === null || to === null ? '' : ` (${from.time} to ${to.time})`;
}

function blame(folder: string, { problems, notes }: Verdict): string {
  const first = problems.find(({ entry }) => entry !== null)?.entry;
  const where = first === undefined ? '' : `; the first entry that does not fit is ${first}`;
  const lines = [
    `NOT consistent: ${folder}${where}`,
    ...problems.map(({ message }) => message),
    ...notes.map((note) => `note: ${note}`),
  ];
  return `${lines.join('\n')}\n`;
}
