import { type Reading, refuse } from './reading.js';

const UNSAFE = /[\p{Cc}\s]/u;

/**
 * Reads the address of a service that the gateway speaks to. What is refused is never quoted: it may hold a password.
 *
 * @param schemes that are allowed, without the colon @param example of a right one
 */
export const parseServiceUrl =
  (schemes: readonly string[], example: string) =>
  (text: string): Reading<string> => {
    const cure = `Write ${example}, with "/", "@", "#" and "?" in a password as %2F, %40, %23 and %3F.`;
    if (UNSAFE.test(text) || !URL.canParse(text))
      return refuse('address-malformed', 'This is not a complete address.', cure);
    const { protocol, hostname } = new URL(text);
    if (!schemes.includes(protocol.slice(0, -1)))
      return refuse('scheme-not-allowed', `The address must begin with ${schemes.join(':// or ')}://.`, cure);
    return hostname === ''
      ? refuse('address-malformed', 'The address names no host.', cure)
      : { ok: true, value: text };
  };
