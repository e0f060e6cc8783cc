import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isKeyName } from './note/verifier-key.js';
import { auditOrigin } from './origin.js';

describe("a log's origin", () => {
  it.each([
    ['Riverside Hotel', 'veilgate.local/Riverside%20Hotel'],
    ['A+B', 'veilgate.local/A%2BB'],
    ['河滨酒店', 'veilgate.local/%E6%B2%B3%E6%BB%A8%E9%85%92%E5%BA%97'],
  ])('of %s is %s', (site, origin) => {
    expect(auditOrigin(site)).toBe(origin);
  });

  it('can name a key, whatever the site is called', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (site) => {
        expect(isKeyName(auditOrigin(site))).toBe(true);
      }),
    );
    expect(isKeyName(auditOrigin('half \ud800'))).toBe(true);
  });
});
