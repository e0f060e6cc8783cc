import { VeilgateError } from '../../errors.js';
import { type Logger, SILENT_LOGGER } from '../../rtsp/logger.js';
import { commitEntries } from './commit.js';
import { type Disk, NodeDisk } from './disk.js';
import { type AuditEvent, encodeEvent } from './event.js';
import { lockFolder } from './folder-lock.js';
import { CHECKPOINT_FILE, type LogEnd } from './log-end.js';
import { LogReader } from './log-reader.js';
import type { SigningKey } from './note/signed-note.js';
import { type Healing, recoverLog } from './recover.js';

/** Entries of one commit: what waits longer than a few bundles' worth goes into the next. */
const MAX_BATCH = 1024;

/** Entries that may wait for the disk: ten commits' worth. More means that the disk has stopped. */
const MAX_PENDING = 10 * MAX_BATCH;

export interface AuditLogOptions {
  /** What signs; its name is the log's origin. From `openAuditKey`. */
  readonly key: SigningKey;
  readonly now?: () => Date;
  readonly logger?: Logger;
  /** Told of each checkpoint once it is on the disk; must not throw. */
  readonly onCheckpoint?: (checkpoint: string) => void;
  /** Where the files are; by default the folder itself, kept to this process by a lock. */
  readonly disk?: Disk;
}

/** An entry that is in the log for good. */
export interface Receipt {
  readonly index: number;
  /** The time in the entry. */
  readonly time: Date;
}

interface Pending {
  readonly bytes: Buffer;
  readonly time: Date;
  resolve(receipt: Receipt): void;
  reject(error: Error): void;
}

/**
 * The append-only log of what happened: a Merkle tree in files (C2SP tlog-tiles) whose head is signed after every append
 * (C2SP tlog-checkpoint).
 *
 * Its folder is the prefix of a tiled log, so that tools for such logs verify it as it is:
 *
 *     checkpoint                        the signed head
 *     checkpoint.previous               the one before
 *     vkey                              the public key, for those who have nothing else
 *     lock                              the process that writes
 *     tile/entries/<N>[.p/<W>]          entries, 256 a bundle: a big-endian uint16 length and canonical JSON each
 *     tile/<L>/<N>[.p/<W>]              hashes, 256 a tile
 *
 * In charge of: making entries durable before they are acknowledged, many at a time (what arrives while the disk is busy shares the
 * next commit); signing one history only; taking up again after a crash or a full disk by reading back what is there.
 *
 *     const log = await AuditLog.open(join(dir, 'audit'), { key: await openAuditKey(join(dir, 'keys'), { origin }) });
 *     const { index } = await log.append({ kind: 'start', actor: 'system', data: { version } });
 */
export class AuditLog {
  readonly #dir: string;
  readonly #disk: Disk;
  readonly #key: SigningKey;
  readonly #now: () => Date;
  readonly #logger: Logger;
  readonly #onCheckpoint: (checkpoint: string) => void;
  readonly #unlock: () => Promise<void>;
  #end: LogEnd;
  /** After a failed commit nobody knows what the disk holds: it is read again before the next one. */
  #isInDoubt = false;
  #isClosed = false;
  #pending: Pending[] = [];
  #draining: Promise<void> | null = null;

  /**
   * Opens the log of a folder, or begins one. What a crash left is mended, and where that was more than dropping what had not been
   * acknowledged, an entry says so.
   *
   * @throws VeilgateError `audit-log-in-use`, and those of `recoverLog`.
   */
  static async open(dir: string, options: AuditLogOptions): Promise<AuditLog> {
    const unlock = options.disk ? async () => {} : await lockFolder(dir);
    const disk = options.disk ?? new NodeDisk(dir);
    try {
      const { end, healings, swept } = await recoverLog(disk, options.key);
      const log = new AuditLog(dir, { ...options, disk }, end, unlock);
      log.#logger.info({ dir, entries: end.edge.size, swept }, 'audit log opened');
      await log.#record(healings);
      return log;
    } catch (error) {
      await unlock();
      throw error;
    }
  }

  private constructor(
    dir: string,
    { disk, key, now, logger, onCheckpoint }: AuditLogOptions & { readonly disk: Disk },
    end: LogEnd,
    unlock: () => Promise<void>,
  ) {
    this.#dir = dir;
    this.#disk = disk;
    this.#key = key;
    this.#now = now ?? (() => new Date());
    this.#logger = logger ?? SILENT_LOGGER;
    this.#onCheckpoint = onCheckpoint ?? (() => {});
    this.#end = end;
    this.#unlock = unlock;
  }

  /** Entries acknowledged so far. */
  get size(): number {
    return this.#end.edge.size;
  }

  /** The signed head of the acknowledged entries (C2SP tlog-checkpoint), word for word. */
  get checkpoint(): string {
    return this.#end.checkpoint;
  }

  /** The log as it is now; entries appended later are not in it. */
  reader(): LogReader {
    return new LogReader(this.#disk, this.size, this.checkpoint);
  }

  /**
   * Records an event. Resolves once the entry and a checkpoint that signs it are on the disk. Entries keep the order of the calls.
   *
   * @throws VeilgateError `audit-write-failed` where the disk failed: the entry may or may not be in the log, and the next call
   *   tries the disk again; `audit-log-overloaded`, `audit-log-closed`, and those of `encodeEvent`: it is not.
   */
  async append(event: AuditEvent): Promise<Receipt> {
    const time = this.#now();
    const bytes = encodeEvent(event, time);
    if (this.#isClosed) {
      throw new VeilgateError(
        'audit-log-closed',
        `The audit log in ${this.#dir} is closed: ${event.kind} not recorded.`,
      );
    }
    if (this.#pending.length >= MAX_PENDING) {
      throw new VeilgateError(
        'audit-log-overloaded',
        `${MAX_PENDING} audit entries wait for the disk of ${this.#dir}: ${event.kind} not recorded. Check the disk.`,
      );
    }
    return new Promise((resolve, reject) => {
      this.#pending.push({ bytes, time, resolve, reject });
      this.#draining ??= this.#drain();
    });
  }

  /** Lets entries that wait be written, then gives the folder back. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#draining;
    await this.#unlock();
  }

  /** Writes what waits, commit after commit. Never rejects. */
  async #drain(): Promise<void> {
    // What is appended in the same turn shares a commit.
    await null;
    while (this.#pending.length > 0) await this.#writeBatch(this.#pending.splice(0, MAX_BATCH));
    this.#draining = null;
  }

  async #writeBatch(batch: readonly Pending[]): Promise<void> {
    const entries = batch.map(({ bytes }) => bytes);
    try {
      if (this.#isInDoubt || !(await this.#isOnDisk())) await this.#readAgain();
      const first = this.size;
      const commit = await commitEntries(this.#disk, this.#end, entries, this.#key);
      this.#end = commit.end;
      for (const [i, { time, resolve }] of batch.entries()) resolve({ index: first + i, time });
      this.#onCheckpoint(commit.end.checkpoint);
      await this.#tidy(commit.superseded);
    } catch (cause) {
      this.#isInDoubt = true;
      const error = cause instanceof VeilgateError ? cause : writeFailed(this.#dir, cause);
      this.#logger.warn({ code: error.code, entries: batch.length, cause: String(cause) }, 'audit entries not written');
      for (const { reject } of batch) reject(error);
    }
  }

  /** Whether the checkpoint on the disk is still the one that this log wrote last. */
  async #isOnDisk(): Promise<boolean> {
    const bytes = await this.#disk.read(CHECKPOINT_FILE);
    return bytes?.equals(Buffer.from(this.checkpoint)) ?? false;
  }

  /** Takes the log up again from the disk, where it must begin with all that was acknowledged. */
  async #readAgain(): Promise<void> {
    const { edge } = this.#end;
    const { end, healings } = await recoverLog(this.#disk, this.#key);
    const { size } = end.edge;
    const isSame =
      size >= edge.size && (await new LogReader(this.#disk, size, end.checkpoint).root(edge.size)).equals(edge.root());
    if (!isSame) {
      throw new VeilgateError(
        'audit-log-rolled-back',
        `The audit log in ${this.#dir} no longer begins with the ${edge.size} entries acknowledged here: it was replaced or rolled back. Keep it as evidence, and restore the log.`,
      );
    }
    this.#end = end;
    this.#isInDoubt = false;
    // Not awaited: they come in the next commit of this very loop.
    void this.#record(healings).catch(() => {});
  }

  /** Removes partial tiles that full ones have replaced. What stays behind is removed at the next start. */
  async #tidy(folders: readonly string[]): Promise<void> {
    if (folders.length === 0) return;
    await this.#disk.remove(folders).catch((error: unknown) => {
      this.#logger.warn({ cause: String(error) }, 'partial tiles not removed');
    });
  }

  async #record(healings: readonly Healing[]): Promise<void> {
    for (const data of healings) this.#logger.warn(data, 'audit log mended');
    await Promise.all(healings.map((data) => this.append({ kind: 'log-healed', actor: 'system', data: { ...data } })));
  }
}

function writeFailed(dir: string, cause: unknown): VeilgateError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new VeilgateError(
    'audit-write-failed',
    `The audit log in ${dir} could not be written: ${why}. Free or repair the disk; the next entry tries again.`,
    { cause },
  );
}
