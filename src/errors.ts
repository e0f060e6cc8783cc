/**
 * The base of every error that a person may have to act on.
 *
 * `code` is stable (scripts match on it), `message` is one sentence that names the place and the cure, `cause` is what
 * was underneath. Messages never carry secrets.
 */
export class VeilgateError extends Error {
  constructor(
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = new.target.name;
  }
}
