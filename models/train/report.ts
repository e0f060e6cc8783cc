/**
 * Measures the place model on the evaluation pictures, through the product's own code, and writes `models/place/REPORT.md`, its plot, and
 * the card's `accuracy`.
 *
 *     npx tsx models/train/report.ts <data> <work> <date>
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PlaceJudge, placeParameters } from '../../src/vision/place/judge.js';
import type { PlaceReading } from '../../src/vision/place/verdict.js';
import { MODELS_DIR, openModel } from '../../src/vision/runtime.js';
import { reliabilityPlot } from './plot.js';
import { evaluation, heldOut, type Scored, score } from './scores.js';
import { areaUnderCurve, calibrationError, reliability, shareFrom, thresholdFor, wilson } from './statistics.js';

interface Read extends Scored {
  readonly reading: PlaceReading;
}

const SETS = ['scenes', 'places'];
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const shown = ([low, high]: readonly [number, number]): string => `${low.toFixed(2)}-${high.toFixed(2)}`;
const row = (...cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
const table = (head: readonly string[], rows: readonly string[]): string[] => [
  row(...head),
  row(...head.map(() => '---')),
  ...rows,
  '',
];

async function main(data: string, work: string, date: string): Promise<void> {
  const folder = join(MODELS_DIR, 'place');
  await using model = await openModel('place');
  const { card } = model;
  const parameters = placeParameters.parse(card.parameters);
  const judge = new PlaceJudge(card.labels, parameters);
  const read = (scored: readonly Scored[]): Read[] =>
    scored.map((each) => ({ ...each, reading: judge.judge(each.logits, each.contrast) }));
  const milliseconds: number[] = [];
  const measured = read(await score(model, evaluation(data), milliseconds));
  const kept = read(await score(model, heldOut(data, work)));

  const isProhibited = ({ kind }: Read): boolean => parameters.prohibited.includes(kind);
  const isAllowed = (each: Read): boolean => !isProhibited(each) && !parameters.ambiguous.includes(each.kind);
  const said = (reads: readonly Read[]): number[] => reads.map(({ reading }) => reading.prohibited);
  const accuracy: typeof card.accuracy = [];
  const lines: string[] = [];

  for (const set of SETS) {
    const mine = measured.filter((each) => each.set === set);
    const [yes, no] = [mine.filter(isProhibited), mine.filter(isAllowed)];
    const auc = areaUnderCurve(said(yes), said(no));
    const at = thresholdFor(said(no), 0.02);
    const found = yes.filter(({ reading }) => reading.prohibited >= at).length;
    const dataset = `${set}/eval`;
    accuracy.push({ dataset, measure: 'AUC, prohibited against allowed', value: Number(auc.toFixed(4)), date });
    accuracy.push({
      dataset,
      measure: 'recall at 2 % false positives',
      value: Number((found / yes.length).toFixed(4)),
      interval: wilson(found, yes.length).map((value) => Number(value.toFixed(3))) as [number, number],
      date,
    });
    lines.push(`## ${dataset}`, '');
    lines.push(
      `${yes.length} pictures of prohibited kinds, ${no.length} of allowed ones. **AUC ${auc.toFixed(4)}**.`,
      '',
    );
    lines.push(
      'Found at 2 % false positives (the threshold that gives exactly those here), and by the verdict that ships:',
      '',
    );
    const kinds = [...new Set(yes.map(({ kind }) => kind))];
    const counted = (reads: readonly Read[], name: string): string => {
      const hits = reads.filter(({ reading }) => reading.prohibited >= at).length;
      const by = (verdict: string): string =>
        percent(reads.filter(({ reading }) => reading.verdict === verdict).length / reads.length);
      return row(
        name,
        `${hits} of ${reads.length}`,
        (hits / reads.length).toFixed(3),
        shown(wilson(hits, reads.length)),
        by('prohibited'),
        by('unsure'),
        by('allowed'),
      );
    };
    lines.push(
      ...table(
        ['kind', 'found', 'recall', '95 % (Wilson)', 'verdict prohibited', 'unsure', 'allowed'],
        [
          ...kinds.map((kind) =>
            counted(
              yes.filter((each) => each.kind === kind),
              kind,
            ),
          ),
          counted(yes, '**all**'),
        ],
      ),
    );
    const verdict = (reads: readonly Read[], which: string): string =>
      percent(reads.filter(({ reading }) => reading.verdict === which).length / reads.length);
    const falls = no.filter(({ reading }) => reading.verdict === 'prohibited');
    lines.push(
      `Of the allowed pictures the shipped verdict calls ${verdict(no, 'prohibited')} prohibited (${shown(wilson(falls.length, no.length))}), ${verdict(no, 'unsure')} unsure, ${verdict(no, 'allowed')} allowed.`,
      '',
    );
    const worst = new Map<string, number>();
    for (const { kind } of falls) worst.set(kind, (worst.get(kind) ?? 0) + 1);
    const most = [...worst].sort(([, a], [, b]) => b - a).slice(0, 8);
    lines.push(`Most of the false finds: ${most.map(([kind, count]) => `${kind} ${count}`).join(', ') || 'none'}.`, '');
    const top = mine.filter(
      (each) => Object.entries(each.reading.classes).sort(([, a], [, b]) => b - a)[0]![0] === each.kind,
    ).length;
    lines.push(
      `The likeliest of ${card.labels.length} kinds is the labelled one in ${percent(top / mine.length)}.`,
      '',
    );
  }

  // Who is taken for whom: the prohibited kinds, and what is taken for them.
  const confused = new Map<string, number>();
  for (const each of measured) {
    const best = Object.entries(each.reading.classes).sort(([, a], [, b]) => b - a)[0]![0];
    const touches = parameters.prohibited.includes(each.kind) !== parameters.prohibited.includes(best);
    if (touches) confused.set(`${each.kind} -> ${best}`, (confused.get(`${each.kind} -> ${best}`) ?? 0) + 1);
  }
  lines.push(
    '## Confusion across the line',
    '',
    'Labelled kind -> likeliest kind, both sets, the most frequent first.',
    '',
  );
  lines.push(
    ...table(
      ['labelled -> likeliest', 'pictures'],
      [...confused]
        .sort(([, a], [, b]) => b - a)
        .slice(0, 20)
        .map(([pair, count]) => row(pair, count)),
    ),
  );

  const bins = SETS.map((set) => {
    const mine = measured.filter((each) => each.set === set && (isProhibited(each) || isAllowed(each)));
    return reliability(said(mine), mine.map(isProhibited));
  });
  writeFileSync(
    join(folder, 'reliability.svg'),
    reliabilityPlot([
      { name: 'scenes/eval', colour: '#1565c0', bins: bins[0]! },
      { name: 'places/eval', colour: '#c62828', bins: bins[1]! },
    ]),
  );
  lines.push('## Reliability', '', '![What was said against what was so](reliability.svg)', '');
  lines.push(
    `Calibration error ${SETS.map((set, at) => `${set}/eval ${percent(calibrationError(bins[at]!))}`).join(', ')}. The calibration weighs both sides alike; a set with fewer prohibited pictures than allowed ones (places/eval: one in eleven) lies below the diagonal for that reason.`,
    '',
  );
  lines.push('## Chosen on held-out training pictures', '');
  lines.push(
    `${kept.length} pictures of the train folders that training did not see. At the shipped threshold: ${SETS.map(
      (set) => {
        const mine = kept.filter((each) => each.set === set);
        const from = parameters.prohibitedFrom;
        return `${set} ${percent(shareFrom(said(mine.filter(isProhibited)), from))} found, ${percent(shareFrom(said(mine.filter(isAllowed)), from))} false`;
      },
    ).join('; ')}.`,
    '',
    '```json',
    JSON.stringify(parameters, null, 2),
    '```',
    '',
  );
  milliseconds.sort((a, b) => a - b);
  const median = milliseconds[milliseconds.length >> 1]!;
  lines.push(
    '## Time',
    '',
    `${median.toFixed(1)} ms a picture (median of ${milliseconds.length}, one thread, scaling included, decoding not).`,
    '',
  );
  lines.push('## Never measured', '', ...card.limits.map((limit) => `- ${limit}`), '');
  const log = join(work, 'train.jsonl');
  lines.push(
    '## How it was trained',
    '',
    '`models/train/run.sh`; the log of the run:',
    '',
    '```',
    readFileSync(log, 'utf8').trim(),
    '```',
    '',
  );
  writeFileSync(
    join(folder, 'REPORT.md'),
    [
      `# The place model, measured`,
      '',
      `${date}, \`${card.file}\` ${card.sha256.slice(0, 12)}, by \`npx tsx models/train/report.ts\` on the product's own way from file to verdict.`,
      '',
      ...lines,
    ].join('\n'),
  );
  writeFileSync(join(folder, 'card.json'), `${JSON.stringify({ ...card, accuracy }, null, 2)}\n`);
  for (const each of accuracy) console.log(each.dataset, each.measure, each.value, each.interval ?? '');
}

const [data, work, date] = process.argv.slice(2);
if (data && work && date) await main(data, work, date);
