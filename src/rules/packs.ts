import type { RulePack } from '../config/site.js';
import { CN_799_2025 } from './packs/cn-799-2025.js';
import { CN_2012 } from './packs/cn-2012.js';
import type { Pack } from './rule.js';

/** What whoever reads an article of a law must know of how it came here, in English and Chinese. */
export const CAVEATS: Readonly<Partial<Record<RulePack, readonly [en: string, zh: string]>>> = {
  'cn-799-2025': [
    'Rule pack cn-799-2025 is unverified: the article number that it gives for Decree 799 (Art. 8) was not compared with the text of the decree, and its penalties are not known here. All other articles are those of the Regulation of 2012.',
    '规则包 cn-799-2025 未经核实：其引用的国务院令第799号条款号（第八条）未与法规原文核对，处罚条款在此未知。其余条款均出自2012年条例。',
  ],
};

/** The packs by the name that `site.rules` gives. */
export const PACKS: Readonly<Record<RulePack, Pack>> = { 'cn-2012': CN_2012, 'cn-799-2025': CN_799_2025 };
