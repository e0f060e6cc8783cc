import type { RulePack } from '../config/site.js';
import { CN_799_2025 } from './packs/cn-799-2025.js';
import { CN_2012 } from './packs/cn-2012.js';
import type { Pack } from './rule.js';

/** The packs by the name that `site.rules` gives. */
export const PACKS: Readonly<Record<RulePack, Pack>> = { 'cn-2012': CN_2012, 'cn-799-2025': CN_799_2025 };
