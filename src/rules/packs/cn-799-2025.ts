/**
 * State Council Decree 799 (in force since 2025-04-01), beside which the Regulation stays in force: what the decree does not rule on its
 * own is taken from there.
 *
 * Unverified: the decree's printed text was not at hand when this was written, only a summary of what it prohibits and requires. So
 * - "Art. 8" for prohibited places was not compared with the print, and the summary names no article;
 * - its article on signs and its article on deletion are not known here, and signs are ruled by the Regulation's Art. 16;
 * - its penalties are neither quoted nor named: `penalty: null` means "not known", not "none".
 * Whoever files a report under this pack compares the article with the print first.
 */
import type { Pack, Rule } from '../rule.js';
import { CN_2012 } from './cn-2012.js';

const PROHIBITED: Rule = {
  law: 'cn-799-2025',
  article: 8,
  penalty: null,
  severity: 'critical',
  action: 'withhold',
};

export const CN_799_2025: Pack = {
  ...CN_2012,
  'prohibited-place': PROHIBITED,
  'undressed-person': PROHIBITED,
};
