import { isPostgresMissing, PostgresServer } from '../../src/record/store/postgres-server.fixture.js';
import { KillTrial } from '../../tests/support/kill-trial.js';
import type { Benchmark, Measure, Outcome, RunOptions } from '../benchmark.js';
import { summarize } from '../measuring/statistics.js';

/** Of the webhook's answers, one of so many is a failure: each costs the sender a pause of a second. */
const FAIL_EVERY = 100;
const SETTLED_WITHIN_MS = 600_000;

/** Is anything lost where the gateway is killed while it writes: of the store, of the log, of what webhooks are told? */
export const kills: Benchmark = {
  name: 'kills',
  question: 'Killed again and again under load: is anything lost that was acknowledged, or never sent?',
  onRequest: true,
  async run({ quick, say }: RunOptions): Promise<Outcome> {
    const measures = await killed('SQLite', null, quick ? 5 : 200, say);
    if (isPostgresMissing()) return { measures, notes: [NOTE, 'PostgreSQL: not measured, it is not installed.'] };
    await using server = await PostgresServer.start();
    const postgres = await server.database();
    return { measures: [...measures, ...(await killed('PostgreSQL', postgres, quick ? 5 : 50, say))], notes: [NOTE] };
  },
};

const NOTE =
  'A process opens alerts, takes steps (each in the audit log before it is in the store) and tells a webhook, as the gateway does, as fast as it can; SIGKILL falls at any moment of the first 300 ms after its first acknowledgement. After each, the log is verified against its head before the blow, and the store is searched for every event that was ever acknowledged. In the end a last process tells what was not told. Faults are anything lost, torn, inconsistent or never sent. `npm run soak:kills`.';

async function killed(
  name: string,
  postgres: string | null,
  times: number,
  say: RunOptions['say'],
): Promise<readonly Measure[]> {
  await using trial = await KillTrial.start({ postgres, failEvery: FAIL_EVERY });
  for (let kill = 1; kill <= times; kill++) {
    await trial.kill();
    if (kill % 20 === 0) say(`${name}: killed ${kill} times, ${trial.tally.acknowledged} events acknowledged`);
  }
  await trial.settle(SETTLED_WITHIN_MS);
  for (const fault of trial.faults) say(`${name}: ${fault}`);
  const { acknowledged, entries, repeated } = trial.tally;
  const one = (key: string, what: string, value: number, isBound = false): Measure => ({
    id: `kills.${name.toLowerCase()}.${key}`,
    what: `${name}: ${what}`,
    unit: 'events',
    summary: summarize([value]),
    ...(isBound && { bound: { atMost: 0 } }),
  });
  return [
    one('faults', `faults after ${times} kills`, trial.faults.length, true),
    one('acknowledged', `events acknowledged in ${times} kills`, acknowledged),
    one('entries', 'entries of the audit log in the end', entries),
    one('repeated', 'events that the webhook got more than once', repeated),
  ];
}
