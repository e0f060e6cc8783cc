import { describe, expect, it } from 'vitest';
import { isPostgresMissing, PostgresServer } from '../../src/record/store/postgres-server.fixture.js';
import { KillTrial } from '../support/kill-trial.js';

/** How often the writer is killed; the long form is `npm run soak:kills`. */
const KILLS = 4;

const SETTLED_WITHIN_MS = 120_000;
const TEST_MS = KILLS * 30_000 + 2 * SETTLED_WITHIN_MS;

const killAgainAndAgain = async (postgres: string | null): Promise<void> => {
  await using trial = await KillTrial.start({ postgres, failEvery: 10 });
  for (let kill = 0; kill < KILLS; kill++) {
    await trial.kill();
    expect(trial.faults).toEqual([]);
  }
  expect(trial.tally.acknowledged).toBeGreaterThan(KILLS);
  await trial.settle(SETTLED_WITHIN_MS);
  expect(trial.faults).toEqual([]);
};

describe('a gateway that is killed while alerts come in', () => {
  it(
    'loses nothing that was acknowledged, in the store or in the log, and sends nothing zero times',
    () => killAgainAndAgain(null),
    TEST_MS,
  );

  it.skipIf(isPostgresMissing())(
    'nor with PostgreSQL',
    async () => {
      await using server = await PostgresServer.start();
      await killAgainAndAgain(await server.database());
    },
    TEST_MS,
  );
});
