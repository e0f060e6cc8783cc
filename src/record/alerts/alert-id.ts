/** Ids of alerts: UUIDv7 (RFC 9562), which rise with the time at which they were made, so that their order is the list's. */

const TIME_DIGITS = 12;

/** @param at ms since 1970 UTC @param random 16 bytes, of which 74 bits are used */
export const alertId = (at: number, random: Uint8Array): string => {
  const bytes = Uint8Array.from(random);
  bytes[6] = 0x70 | (bytes[6]! & 0x0f);
  bytes[8] = 0x80 | (bytes[8]! & 0x3f);
  const hex = timeDigits(at) + Buffer.from(bytes.subarray(6, 16)).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
};

/** What every id made at `at` or later is not before. */
export const firstIdAt = (at: number): string => {
  const hex = timeDigits(at);
  return `${hex.slice(0, 8)}-${hex.slice(8)}`;
};

export const ALERT_ID = /^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;

const timeDigits = (at: number): string =>
  Math.min(Math.max(0, Math.floor(at)), 2 ** 48 - 1)
    .toString(16)
    .padStart(TIME_DIGITS, '0');
