import { inspect } from 'node:util';

/** What stands wherever a secret was. */
export const REDACTED = '***';

/**
 * A string that must never be shown: a camera's address with its password, a user's password.
 *
 * Printing, inspecting, joining and JSON give `***`; a structured clone (a message to another process) gives `{}`. Only
 * `reveal()` returns the value, so each place that needs it can be found by its name.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself. Call it where the value is used, and keep the result in no longer-lived place. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }

  [inspect.custom](): string {
    return REDACTED;
  }
}
