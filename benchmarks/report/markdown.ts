import { type Bound, type Measure, type Unit, verdictOf } from '../benchmark.js';
import type { BenchRecord } from './history.js';

const DECIMALS: { readonly [U in Unit]: number } = {
  ratio: 2,
  cores: 3,
  ms: 1,
  s: 2,
  kB: 0,
  MB: 0,
  'MB/h': 1,
  '%': 1,
  'frames/s': 1,
  frames: 0,
  sessions: 0,
  'entries/s': 0,
  events: 0,
};

const number = (value: number, unit: Unit): string => value.toFixed(DECIMALS[unit]);

const withUnit = (value: number, unit: Unit): string => `${number(value, unit)}${unit === 'ratio' ? '' : ` ${unit}`}`;

const boundText = (bound: Bound | undefined, unit: Unit): string => {
  if (!bound) return '';
  return 'atMost' in bound ? `at most ${withUnit(bound.atMost, unit)}` : `at least ${withUnit(bound.atLeast, unit)}`;
};

const row = (measure: Measure): string => {
  const { what, unit, summary, bound, beside } = measure;
  const { median, low, high, count } = summary;
  const spread = count > 1 ? `${number(low, unit)} to ${number(high, unit)}, n = ${count}` : '';
  const verdict = verdictOf(measure);
  const cells = [
    what,
    `**${withUnit(median, unit)}**`,
    spread,
    boundText(bound, unit),
    verdict === 'no bound' ? '' : verdict,
    beside ?? '',
  ];
  return `| ${cells.join(' | ')} |`;
};

const HEADER = '| what | median | quartiles | bound | verdict | beside |\n| --- | --- | --- | --- | --- | --- |';

/** Ratios say something on any machine, so they come first; then what has a bound. */
const rank = ({ unit, bound }: Measure): number => (unit === 'ratio' ? 0 : 2) + (bound ? 0 : 1);

/** The rows of some measures as a Markdown table. */
export const table = (measures: readonly Measure[]): string =>
  [HEADER, ...[...measures].sort((a, b) => rank(a) - rank(b)).map(row)].join('\n');

const section = (record: BenchRecord): string => {
  const { name, question, machine, commit, startedAt, seconds, measures, notes, plots } = record;
  const where = `${machine.cores} cores (${machine.cpu}), Linux ${machine.kernel}, Node ${machine.node}, ffmpeg ${machine.ffmpeg}, GStreamer ${machine.gstreamer}, ${machine.footage} footage`;
  const busy =
    machine.load > 0.5 * machine.cores ? ' **Others were loading the machine: trust the ratios alone.**' : '';
  return [
    `## ${name}`,
    question,
    table(measures),
    ...plots.map(({ name: file, title }) => `![${title}](plots/${file}.svg)`),
    ...notes,
    `\`npm run bench ${name}\` · ${startedAt.slice(0, 16).replace('T', ' ')} UTC, ${Math.round(seconds)} s, commit ${commit} · ${where}; load before it began ${machine.load}.${busy}`,
  ].join('\n\n');
};

const HEAD = `# What Veilgate costs

Made by \`npm run bench\`; edit nothing here. Peers run beside it in the same run, on the same source and with the same encoder settings. Each
section says on which machine, and the command that repeats it. The bounds are those of benchmarks/README.md; \`undecided\` is a median
beyond its bound where the spread of the run does not exclude that it is reached.`;

/** RESULTS.md of the latest record of each benchmark, in the given order. */
export const renderResults = (records: readonly BenchRecord[]): string =>
  `${[HEAD, ...records.map(section)].join('\n\n')}\n`;
