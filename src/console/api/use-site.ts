import { askJson } from './ask.js';
import type { SiteInForce } from './types.js';
import { type Polled, usePoll } from './use-poll.js';

/** Between two looks at what is in force of the site file, ms. */
const INTERVAL_MS = 10_000;

const fetchSite = (signal: AbortSignal): Promise<SiteInForce> => askJson('/api/v1/site', { signal });

/** The site as it is in force, and what of the site file waits for people. */
export const useSite = (): Polled<SiteInForce> => usePoll(fetchSite, INTERVAL_MS);
