import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ALERT_ID, alertId, firstIdAt } from './alert-id.js';

const bytes = fc.uint8Array({ minLength: 16, maxLength: 16 });
const time = fc.integer({ min: 0, max: 2 ** 48 - 2 });

it('ids are UUIDs of version 7 that rise with time', () => {
  fc.assert(
    fc.property(time, bytes, bytes, (at, one, other) => {
      expect(alertId(at, one)).toMatch(ALERT_ID);
      expect(alertId(at, one) < alertId(at + 1, other)).toBe(true);
      expect(firstIdAt(at) < alertId(at, one)).toBe(true);
      expect(alertId(at, one) < firstIdAt(at + 1)).toBe(true);
    }),
  );
});
