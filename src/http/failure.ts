import { formatPath } from '../config/issue.js';
import { ZonesError } from '../config/problem.js';
import { TooManyLooks } from '../control/commission/look-pace.js';
import { SiteEditError } from '../control/site-editor.js';
import { VeilgateError } from '../errors.js';
import { SecondPersonNeeded } from '../record/people/approvals.js';

/** One fault of a request's body. */
export interface BodyProblem {
  /** `zones[0].polygon`, or `(document)`. */
  readonly path: string;
  readonly code: string;
  readonly message: string;
  readonly cure: string;
}

/** An error as a client gets it. */
export interface Failure {
  /** HTTP status code. */
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** The request that waits for a second person. */
  readonly approval?: string | undefined;
  /** Every fault of the body, where it is the body's. */
  readonly problems?: readonly BodyProblem[] | undefined;
  /** When to ask again, seconds. */
  readonly retryAfterS?: number | undefined;
}

/** A request that cannot be served, with what the client is told. */
export class RequestError extends VeilgateError {
  constructor(
    readonly status: number,
    code: string,
    message: string,
    readonly problems?: readonly BodyProblem[],
  ) {
    super(code, message);
  }
}

/** Status codes of errors that come from behind the API. Those that are not listed are the gateway's own fault: 500. */
const STATUS_BY_CODE: Readonly<Record<string, number>> = {
  'unknown-camera': 404,
  'not-withheld': 409,
  'declared-prohibited': 409,
  'unknown-account': 404,
  'unknown-token': 404,
  'unknown-approval': 404,
  'unknown-inspection': 404,
  'login-refused': 401,
  'login-locked': 429,
  'link-over': 410,
  'account-name': 422,
  'account-exists': 409,
  'last-admin': 409,
  'password-weak': 422,
  'scope-beyond-role': 422,
  'too-many-tokens': 409,
  'too-many-approvals': 409,
  'second-person-needed': 409,
  'approval-over': 409,
  'approval-not-granted': 409,
  'approval-for-another-matter': 409,
  'approval-same-person': 403,
  'approval-of-another': 403,
  'export-too-large': 422,
  'officers-invalid': 422,
  'inspection-needs-account': 409,
  'inspection-open': 409,
  'inspection-over': 409,
  'unknown-alert': 404,
  'unknown-evidence': 404,
  'alert-step-refused': 409,
  'commissioning-off': 403,
  'place-prohibited': 403,
  'withheld-by-operator': 409,
  'commission-open': 409,
  'no-commission': 404,
  'no-picture': 503,
  'photo-missing': 409,
  'nothing-pending': 409,
  'scout-failed': 502,
  'scout-busy': 429,
  'camera-invalid': 422,
  'site-file-invalid': 409,
  'site-file-unwritable': 409,
  'one-person': 409,
  'zone-store-conflict': 409,
  'zone-store-corrupt': 503,
  'zone-store-unavailable': 503,
  'view-store-unreadable': 503,
  'view-store-unwritable': 503,
  // Nothing is released, accepted or exported that cannot be recorded: for the operator to repair, and not a fault of the request.
  'audit-log-damaged': 503,
  'audit-log-foreign': 503,
  'audit-log-rolled-back': 503,
  'audit-log-overloaded': 503,
  'audit-log-closed': 503,
  'audit-write-failed': 503,
  'audit-key-not-pinned': 503,
  'witness-foreign': 503,
  'store-unavailable': 503,
  'store-damaged': 503,
  'store-too-new': 503,
  'store-full': 503,
};

/** What went wrong while a body was read, by the type that body-parser gives it. */
const BODY_FAILURES: Readonly<Record<string, Failure>> = {
  'entity.parse.failed': { status: 400, code: 'malformed-json', message: 'The body is not valid JSON.' },
  'entity.too.large': { status: 413, code: 'body-too-large', message: 'The body is larger than 256 KiB.' },
  'encoding.unsupported': { status: 415, code: 'unsupported-encoding', message: 'Send the body uncompressed.' },
  'charset.unsupported': { status: 415, code: 'unsupported-charset', message: 'Send the body as UTF-8.' },
};

const INTERNAL: Failure = {
  status: 500,
  code: 'internal-error',
  message: 'The gateway failed to answer this request. Its log says why.',
};

/**
 * What a client is told of an error: never a stack, never a message that was not written for people.
 *
 * @param redact removes secrets from messages that came from behind the API
 */
export const describeFailure = (error: unknown, redact: (text: string) => string): Failure => {
  if (error instanceof RequestError) return error;
  if (error instanceof TooManyLooks) {
    const { code, message, retryAfterS } = error;
    return { status: 429, code, message, retryAfterS };
  }
  if (error instanceof ZonesError) return describeZonesError(error);
  if (error instanceof SecondPersonNeeded) {
    const { code, message, approval } = error;
    return { status: 409, code, message, approval: approval.id };
  }
  if (error instanceof SiteEditError && error.problems.length > 0) {
    const problems = error.problems.map(({ path, code, message, cure }) => ({
      path: formatPath(path),
      code,
      message: redact(message),
      cure: redact(cure),
    }));
    return { status: 422, code: error.code, message: redact(error.message), problems };
  }
  if (error instanceof VeilgateError) {
    const status = STATUS_BY_CODE[error.code];
    return status === undefined ? INTERNAL : { status, code: error.code, message: redact(error.message) };
  }
  const { status, type } = error as { status?: unknown; type?: unknown };
  const known = typeof type === 'string' && Object.hasOwn(BODY_FAILURES, type) ? BODY_FAILURES[type] : undefined;
  if (known) return known;
  // Express and what it is made of mark a client's mistakes so: a path that cannot be decoded, a body that broke off.
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return { status, code: 'bad-request', message: 'The request cannot be read.' };
  }
  return INTERNAL;
};

const describeZonesError = ({ code, issues }: ZonesError): Failure => ({
  status: 422,
  code,
  message:
    issues.length === 1
      ? 'The zones cannot be used: one problem.'
      : `The zones cannot be used: ${issues.length} problems.`,
  problems: issues.map((issue) => ({
    path: formatPath(issue.path),
    code: issue.code,
    message: issue.message,
    cure: issue.cure,
  })),
});
