/**
 * The benchmarks of the whole product.
 *
 *     npm run bench                          all of them, under a quarter of an hour
 *     npm run bench cpu latency              some of them
 *     npm run bench -- --quick               whether they work: three minutes, nothing is kept
 *     npm run soak -- --minutes 60           a long run that looks for growth and drift
 *
 * What came out is kept in benchmarks/history/, drawn in benchmarks/plots/ and written to benchmarks/RESULTS.md.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Benchmark, Plot } from './benchmark.js';
import { CATALOGUE } from './catalogue.js';
import { describeCommit, describeMachine } from './measuring/machine.js';
import { installPeers } from './peers/install.js';
import { type BenchRecord, keep, latestRecords } from './report/history.js';
import { renderResults, table } from './report/markdown.js';

const HERE = fileURLToPath(new URL('.', import.meta.url));

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false }, minutes: { type: 'string' } },
});
const minutes = values.minutes === undefined ? null : Number(values.minutes);
const unknown = positionals.filter((name) => !CATALOGUE.some((benchmark) => benchmark.name === name));
if (unknown.length > 0 || Number.isNaN(minutes)) {
  const names = CATALOGUE.map(({ name, question }) => `  ${name.padEnd(12)} ${question}`).join('\n');
  console.error(`usage: npm run bench -- [--quick] [--minutes N] [name...]\n\n${names}`);
  process.exit(2);
}

installPeers();
const chosen = CATALOGUE.filter(({ name, onRequest }) =>
  positionals.length > 0 ? positionals.includes(name) : !onRequest,
);
const records: BenchRecord[] = [];
const failed: string[] = [];
for (const benchmark of chosen) {
  try {
    const { record, plots } = await runOne(benchmark);
    records.push(record);
    if (!values.quick) {
      draw(plots);
      console.log(`kept in ${keep([record])}`);
    }
  } catch (error) {
    failed.push(benchmark.name);
    console.error(`${benchmark.name} failed:`, error);
  }
}
if (!values.quick && records.length > 0) {
  const latest = latestRecords();
  const known = CATALOGUE.flatMap(({ name }) => latest.get(name) ?? []);
  writeFileSync(join(HERE, 'RESULTS.md'), renderResults(known));
}
if (failed.length > 0) console.error(`failed: ${failed.join(', ')}`);
process.exit(failed.length > 0 ? 1 : 0);

async function runOne({ name, question, run }: Benchmark): Promise<{ record: BenchRecord; plots: readonly Plot[] }> {
  const [machine, commit, startedAt] = [describeMachine(), describeCommit(), new Date().toISOString()];
  console.log(`\n${name}: ${question} (load ${machine.load})`);
  const began = performance.now();
  const say = (line: string): void => console.log(`  ${line}`);
  const { measures, notes = [], plots = [] } = await run({ quick: values.quick, minutes, say });
  const seconds = (performance.now() - began) / 1000;
  const titles = plots.map((plot) => ({ name: plot.name, title: plot.title }));
  console.log(`\n${table(measures)}\n${notes.join('\n')}`);
  return { record: { name, question, measures, notes, plots: titles, startedAt, seconds, machine, commit }, plots };
}

function draw(plots: readonly Plot[]): void {
  const folder = join(HERE, 'plots');
  mkdirSync(folder, { recursive: true });
  for (const { name, svg } of plots) writeFileSync(join(folder, `${name}.svg`), svg);
}
