import { PROHIBITED_KINDS } from '../zones/zone.js';

/** Kinds of place in which a camera may hang. */
export const ORDINARY_PLACES = [
  'lobby',
  'reception',
  'entrance',
  'corridor',
  'staircase',
  'elevator',
  'office',
  'meeting-room',
  'waiting-room',
  'classroom',
  'library',
  'ward',
  'restaurant',
  'kitchen',
  'shop',
  'supermarket',
  'gym',
  'warehouse',
  'workshop',
  'platform',
  'parking',
  'street',
  'square',
  'yard',
  'perimeter',
  'other',
] as const;

/**
 * Every kind of place that a camera can be declared to stand in. Closed on purpose: a mistyped `restroom` must be an error and
 * never an ordinary place. No word begins with another one, so that a file cut short in the middle of a word does not name
 * another place; the same holds for every other list of words in the site file.
 */
export const PLACES = [...PROHIBITED_KINDS, ...ORDINARY_PLACES] as const;
export type Place = (typeof PLACES)[number];
