import { closest, distance } from 'fastest-levenshtein';
import { SLUG } from './zone-schema.js';

/** Keys that other products use for what is called differently here. */
export const KEYS_ELSEWHERE: Readonly<Record<string, string>> = {
  url: 'source',
  uri: 'source',
  input: 'source',
  points: 'polygon',
  coordinates: 'polygon',
  type: 'kind',
  name: 'id',
  mask: 'zones',
  masks: 'zones',
  lookahead: 'lookAhead',
};

/** Words that other products and people use for kinds, places and codecs. */
export const WORDS_ELSEWHERE: Readonly<Record<string, string>> = {
  toilet: 'restroom',
  wc: 'restroom',
  bathhouse: 'bathroom',
  shower: 'bathroom',
  'locker-room': 'changing-room',
  'fitting-room': 'changing-room',
  bedroom: 'guest-room',
  neighbor: 'neighbour',
  hall: 'lobby',
  hallway: 'corridor',
  lift: 'elevator',
  stairs: 'staircase',
  garage: 'parking',
  road: 'street',
  avc: 'h264',
  hevc: 'h265',
  black: 'solid',
};

/** Two letters wrong, or a third of a long word: a slip of the keyboard. More is another word. */
const MAX_SLIPS = 2;

/** What `word` was probably meant to be, out of `known`; null where nothing is near. */
export const didYouMean = (
  word: string,
  known: readonly string[],
  elsewhere: Readonly<Record<string, string>>,
): string | null => {
  const lower = word.toLowerCase();
  const meant = Object.hasOwn(elsewhere, lower) ? elsewhere[lower]! : null;
  if (meant !== null && known.includes(meant)) return meant;
  if (known.length === 0 || word.length < 2 || word.length > MAX_WORD) return null;
  const lowered = known.map((entry) => entry.toLowerCase());
  const nearest = closest(lower, lowered);
  if (distance(lower, nearest) > Math.max(MAX_SLIPS, Math.floor(word.length / 3))) return null;
  return known[lowered.indexOf(nearest)]!;
};

const EXAMPLE_SLUG = 'lobby-1';
/** Longer than any known word can be mistyped. */
const MAX_WORD = 64;

/** An id made of what was written, or an example where nothing is left of it (or where it may be an address with a password). */
export const suggestSlug = (text: string): string => {
  if (/[@:]/.test(text)) return EXAMPLE_SLUG;
  const slug = text
    .slice(0, MAX_WORD)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  return SLUG.test(slug) ? slug : EXAMPLE_SLUG;
};
