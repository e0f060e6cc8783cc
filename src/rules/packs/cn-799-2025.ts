/**
 * State Council Decree 799 (in force since 2025-04-01), beside which the Regulation stays in force: what the decree does not rule on its
 * own is taken from there. Its penalties are not quoted, since its printed text was not at hand when this was written.
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
