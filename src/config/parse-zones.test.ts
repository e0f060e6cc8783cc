import { describe, expect, test } from 'vitest';
import { parseZoneChange } from './parse-zones.js';
import { ZonesError } from './problem.js';

const zone = {
  id: 'door',
  kind: 'restroom',
  polygon: [
    [0.1, 0.1],
    [0.2, 0.1],
    [0.2, 0.4],
  ],
};

const refusal = (value: unknown): string => {
  try {
    parseZoneChange(value);
  } catch (error) {
    if (error instanceof ZonesError) return error.message;
    throw error;
  }
  return 'no problem';
};

describe('zones sent to the API', () => {
  test('are completed like those of a site file', () => {
    expect(parseZoneChange({ zones: [zone] })).toEqual({
      zones: [{ ...zone, action: 'mask', style: 'solid', padding: 16 }],
      unmasked: null,
    });
  });

  test('may be none, with a reason', () => {
    expect(parseZoneChange({ zones: [], unmasked: 'fenced in' })).toEqual({ zones: [], unmasked: 'fenced in' });
    expect(refusal({ zones: [] })).toContain('the whole picture would be shown');
  });

  test('are refused with every fault, its path and its cure', () => {
    expect(
      refusal({ zones: [{ ...zone, kind: 'toilet', style: 'blurr' }, zone, { ...zone, style: 'blur' }] }).split('\n'),
    ).toEqual([
      'zones[0].kind: "toilet" is not known here. Did you mean "restroom"? Known: restroom, bathroom, changing-room, guest-room, dormitory, nursing-room, private, neighbour, street.',
      'zones[0].style: "blurr" is not known here. Did you mean "blur"? Known: solid, pixelate, blur.',
      'zones[1].id: There is another zone "door": number 1 in the list. Give it another id.',
      'zones[2].id: There is another zone "door": number 1 in the list. Give it another id.',
      'zones[2].style: A restroom (Art. 15) may not be masked with blur, which can be recovered in part. Write solid, or remove the key.',
    ]);
  });

  test('are refused where there are none at all', () => {
    for (const value of [null, undefined, [], 'x', 5, {}, { zones: null }, { zone: [] }]) {
      expect(() => parseZoneChange(value)).toThrow(ZonesError);
    }
  });
});
