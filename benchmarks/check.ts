/**
 * Whether a ratio has become worse than the committed one.
 *
 *     npm run bench:check                    runs cpu, memory and late-join, and compares with the latest committed record
 *     npm run bench:check scaling            runs others
 *     npm run bench:check -- --of FILE       runs nothing: compares a file of the history with the committed ones
 */
import { execFileSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { CATALOGUE } from './catalogue.js';
import { describeCommit, describeMachine } from './measuring/machine.js';
import { compareRatios } from './report/compare.js';
import { type BenchRecord, type HistoryFile, readHistory } from './report/history.js';

/** Where ratios say most in the least time. */
const DEFAULT = ['cpu', 'memory', 'late-join'];

const { values, positionals } = parseArgs({ allowPositionals: true, options: { of: { type: 'string' } } });
const names = positionals.length > 0 ? positionals : DEFAULT;
const now = values.of ? readHistory(values.of).records : await measure(names);
const comparisons = compareRatios(committedRecords(values.of), now);
console.table(
  comparisons.map(({ id, before, now: present, limit, worse }) => ({
    id,
    committed: before.toFixed(2),
    now: present.toFixed(2),
    'at most': limit.toFixed(2),
    '': worse ? 'worse' : 'as good',
  })),
);
const worse = comparisons.filter((comparison) => comparison.worse);
for (const { what, before, now: present } of worse)
  console.error(`worse: ${what}: ${present.toFixed(2)}, was ${before.toFixed(2)}`);
if (comparisons.length === 0)
  console.error('nothing to compare with is committed: run `npm run bench` and commit benchmarks/history.');
process.exit(worse.length > 0 || comparisons.length === 0 ? 1 : 0);

async function measure(wanted: readonly string[]): Promise<BenchRecord[]> {
  const records: BenchRecord[] = [];
  for (const { name, question, run } of CATALOGUE.filter((benchmark) => wanted.includes(benchmark.name))) {
    console.log(`\n${name}: ${question}`);
    const [machine, commit, startedAt] = [describeMachine(), describeCommit(), new Date().toISOString()];
    const { measures, notes = [] } = await run({
      quick: false,
      minutes: null,
      say: (line) => console.log(`  ${line}`),
    });
    records.push({ name, question, measures, notes, plots: [], startedAt, seconds: 0, machine, commit });
  }
  return records;
}

/** Of each benchmark the latest record that is committed, but for one file. */
function committedRecords(except: string | undefined): BenchRecord[] {
  const git = (...args: string[]): string => execFileSync('git', args, { encoding: 'utf8', maxBuffer: 2 ** 26 });
  const paths = git('ls-tree', '--name-only', 'HEAD', 'benchmarks/history/')
    .split('\n')
    .filter((path) => path.endsWith('.json'));
  const latest = new Map<string, BenchRecord>();
  for (const path of paths) {
    if (except?.endsWith(path)) continue;
    for (const record of (JSON.parse(git('show', `HEAD:${path}`)) as HistoryFile).records) {
      const known = latest.get(record.name);
      if (!known || known.startedAt <= record.startedAt) latest.set(record.name, record);
    }
  }
  return [...latest.values()];
}
