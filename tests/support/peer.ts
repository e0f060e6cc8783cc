import { spawnSync } from 'node:child_process';

/**
 * Whether tests with this program must be skipped: it is not installed. With VEILGATE_REQUIRE=all nothing is skipped, so that what
 * is missing fails.
 */
export const isMissing = (program: string): boolean =>
  process.env.VEILGATE_REQUIRE !== 'all' && spawnSync('which', [program]).status !== 0;
