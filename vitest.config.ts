import { defineConfig } from 'vitest/config';

/** Real gateways, cameras and clients: one file after another, since two cores and the ports are shared. */
const oneAtATime = { testTimeout: 120_000, hookTimeout: 120_000, fileParallelism: false, maxWorkers: 1 };

/** What shows that nothing leaks gets one try: a second one could hide a leak. */
const LEAKS = ['tests/system/leaks-*.test.ts', 'tests/system/{nothing-rides-along,size-change,input-formats}.test.ts'];

/**
 * `unit` is pure and parallel; `leaks` and `system` start real processes. Machines are shared and may stall for seconds, so what
 * waits for peers by deadline (`system`) may try twice.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts', 'tests/unit/**/*.test.ts', 'benchmarks/**/*.test.ts', 'models/**/*.test.ts'],
          testTimeout: 60_000,
        },
      },
      { test: { name: 'leaks', include: LEAKS, ...oneAtATime } },
      { test: { name: 'system', include: ['tests/system/**/*.test.ts'], exclude: LEAKS, retry: 1, ...oneAtATime } },
    ],
  },
});
