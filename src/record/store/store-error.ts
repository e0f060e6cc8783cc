import { VeilgateError } from '../../errors.js';

/**
 * The store cannot do what was asked. `store-unavailable`: try again, nothing was changed that was acknowledged; `store-damaged`: its
 * file is not what it was; `store-too-new`: a newer version wrote it; `store-full`: no room on the disk.
 */
export class StoreError extends VeilgateError {}

const DAMAGED = new Set(['SQLITE_CORRUPT', 'SQLITE_NOTADB']);

/** What of a database's failures is a condition of the store, and not a mistake in a query. */
const UNAVAILABLE =
  /^(08...|57P0.|53...|ECONN|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPIPE|SQLITE_(CANTOPEN|IOERR|BUSY|READONLY|LOCKED))/;

/** Failures that come without a code. */
const UNAVAILABLE_TEXT =
  /ConnectionFailed|not queryable|connection terminated|timeout exceeded when trying to connect|connection timeout|thread ended/i;

/** A failure of either database in the words of this one; what is none of the store's condition comes back as it was. */
export const explainFailure = (error: unknown, where: string): unknown => {
  if (!(error instanceof Error) || error instanceof VeilgateError) return error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (DAMAGED.has(code))
    return new StoreError(
      'store-damaged',
      `The store ${where} is damaged. Put it aside and restore a copy; masking goes on without it.`,
      { cause: error },
    );
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
