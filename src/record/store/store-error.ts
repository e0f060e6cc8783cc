import { VeilgateError } from '../../errors.js';

/**
 * The store cannot do what was asked. `store-unavailable`: try again, nothing was changed that was acknowledged; `store-damaged`: its
 * file is not what it was; `store-too-new`: a newer version wrote it; `store-full`: no room on the disk.
 */
export class StoreError extends VeilgateError {}

const DAMAGED = /^(SQLITE_(CORRUPT|NOTADB)|XX00[12]$)/;

/** What of a database's failures is a condition of the store, and not a mistake in a query. */
const UNAVAILABLE =
  /^(08...|57P0.|53...|ECONN|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPIPE|SQLITE_(CANTOPEN|IOERR|BUSY|READONLY|LOCKED))/;

/** Failures that come without a code. */
const UNAVAILABLE_TEXT =
  /ConnectionFailed|not queryable|connection terminated|timeout exceeded when trying to connect|connection timeout|thread ended/i;

/** Where a store is, as its failures say it. */
export interface StorePlace {
  /** A file's path, or a sentence's part: `in PostgreSQL (storage.url)`. */
  readonly where: string;
  /** What a person does when it is damaged. */
  readonly cure: string;
}

/** The place of a store in a file of SQLite. */
export const fileStorePlace = (path: string): StorePlace => ({
  where: path,
  cure: `Stop the gateway, move ${path} aside with its -wal and -shm, put a backup in its place, and start. Without a backup it begins an empty one: accounts are made anew, and the audit log still has what was found and decided.`,
});

export const POSTGRES_PLACE: StorePlace = {
  where: 'in PostgreSQL (storage.url)',
  cure: 'Restore its database from a backup.',
};

/** A failure of either database in the words of this one; what is none of the store's condition comes back as it was. */
export const explainFailure = (error: unknown, { where, cure }: StorePlace): unknown => {
  if (!(error instanceof Error) || error instanceof VeilgateError) return error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (DAMAGED.test(code))
    return new StoreError('store-damaged', `The store ${where} is damaged; masking goes on without it. ${cure}`, {
      cause: error,
    });
  if (code === 'SQLITE_FULL' || code === '53100' || code === 'ENOSPC')
    return new StoreError('store-full', `There is no room for the store ${where}. Free some on its disk.`, {
      cause: error,
    });
  if (/corrupted migrations/.test(error.message))
    return new StoreError(
      'store-too-new',
      `The store ${where} was written by another version of the gateway. Start that one, or restore an older copy.`,
      { cause: error },
    );
  if (UNAVAILABLE.test(code) || UNAVAILABLE_TEXT.test(error.message))
    return new StoreError('store-unavailable', `The store ${where} cannot be reached now. It is tried again.`, {
      cause: error,
    });
  return error;
};
