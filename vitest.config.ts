import { defineConfig } from 'vitest/config';

/** Real gateways, cameras and clients, each on ports that the system gives: two files at once, as many as there are cores where CI runs. */
const twoAtATime = { testTimeout: 120_000, hookTimeout: 120_000, maxWorkers: 2 };

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
          sequence: { groupOrder: 0 },
          include: ['src/**/*.test.ts', 'tests/unit/**/*.test.ts', 'benchmarks/**/*.test.ts', 'models/**/*.test.ts'],
          testTimeout: 60_000,
        },
      },
      { test: { name: 'leaks', sequence: { groupOrder: 1 }, include: LEAKS, ...twoAtATime } },
      {
        test: {
          name: 'system',
          sequence: { groupOrder: 2 },
          include: ['tests/system/**/*.test.ts'],
          exclude: LEAKS,
          retry: 1,
          ...twoAtATime,
        },
      },
    ],
  },
});
