import type { Report, ReportItem } from '../report/report.js';
import { type PairedDifference, pairedBootstrap } from '../stats/bootstrap.js';
import { type Decision, fScore } from '../stats/decisions.js';
import { type McNemar, mcnemar } from '../stats/mcnemar.js';

/** Below this the difference is called real. */
export const SIGNIFICANT = 0.05;

/** What changed from one report to another, over the files that both have. */
export interface Comparison {
  /** Files with the same content in both; what only one has is not compared. */
  readonly common: number;
  readonly onlyBefore: number;
  readonly onlyAfter: number;
  /** Still pictures on the right side: won and lost ones. null: none in common. */
  readonly places: McNemar | null;
  readonly perClass: Readonly<Record<string, McNemar>>;
  /** Change of F2 of prohibited places. */
  readonly f2: PairedDifference;
  /** Change of the leaked share of hidden pixels, mean over files: less is better. */
  readonly leakedShare: PairedDifference;
}

interface Pair {
  readonly before: ReportItem;
  readonly after: ReportItem;
}

/** Pairs files by their content. Labels are those of the later report: the same picture under another label has changed truth, not answer. */
export function compareReports(before: Report, after: Report, seed = after.seed): Comparison {
  const known = new Map(before.items.map((item) => [item.sha256, item]));
  const pairs = after.items.flatMap((item): Pair[] => {
    const earlier = known.get(item.sha256);
    return earlier ? [{ before: earlier, after: item }] : [];
  });
  const places = pairs.filter(({ before: a, after: b }) => isJudged(a) && isJudged(b));
  const masks = pairs.filter(({ before: a, after: b }) => a.mask && b.mask);
  const labels = [...new Set(places.map(({ after: { label } }) => label!))].sort();
  return {
    common: pairs.length,
    onlyBefore: before.items.length - pairs.length,
    onlyAfter: after.items.length - pairs.length,
    places: places.length === 0 ? null : count(places),
    perClass: Object.fromEntries(
      labels.map((label) => [label, count(places.filter((pair) => pair.after.label === label))]),
    ),
    f2: pairedBootstrap(places.length, (items) => differenceOfF2(places, items), { seed }),
    leakedShare: pairedBootstrap(
      masks.length,
      (items) =>
        items.reduce((sum, i) => sum + leakedShare(masks[i]!.after) - leakedShare(masks[i]!.before), 0) / items.length,
      { seed },
    ),
  };
}

const isJudged = ({ kind, side, place }: ReportItem): boolean =>
  kind === 'still' && (side === 'prohibited' || side === 'allowed') && (place?.length ?? 0) > 0;

function count(pairs: readonly Pair[]): McNemar {
  let [lost, won] = [0, 0];
  for (const { before, after } of pairs) {
    const [was, is] = [isRight(before, after.side), isRight(after, after.side)];
    if (was && !is) lost++;
    if (!was && is) won++;
  }
  return mcnemar(lost, won);
}

const isRight = ({ place }: ReportItem, side: ReportItem['side']): boolean => place![0]!.verdict === side;

function differenceOfF2(pairs: readonly Pair[], items: Int32Array): number | null {
  const score = (which: keyof Pair): number | null => {
    let [truePositives, falsePositives, falseNegatives] = [0, 0, 0];
    for (const i of items) {
      const { truth, raised } = decisionOf(pairs[i]!, which);
      if (truth && raised) truePositives++;
      else if (raised) falsePositives++;
      else if (truth) falseNegatives++;
    }
    return fScore({ truePositives, falsePositives, falseNegatives }, 2);
  };
  const [was, is] = [score('before'), score('after')];
  return was === null || is === null ? null : is - was;
}

const decisionOf = (pair: Pair, which: keyof Pair): Decision => ({
  truth: pair.after.side === 'prohibited',
  raised: pair[which].place![0]!.verdict === 'prohibited',
});

const leakedShare = ({ mask }: ReportItem): number =>
  mask!.hiddenPixels === 0 ? 0 : mask!.leakedPixels / mask!.hiddenPixels;

/** For a person: what got better, what worse, and whether chance would do. */
export function formatComparison(found: Comparison): string {
  const { common, onlyBefore, onlyAfter, places, perClass, f2, leakedShare: leaked } = found;
  const lines = [`${common} files in both; ${onlyBefore} only in the first, ${onlyAfter} only in the second`];
  if (places) {
    lines.push(`places: ${describe(places)} (McNemar)`);
    for (const [label, one] of Object.entries(perClass))
      if (one.won + one.lost > 0) lines.push(`  ${label}: ${describe(one)}`);
  }
  if (f2.value !== null) lines.push(`F2 of prohibited places: ${difference(f2, 1)} (paired bootstrap)`);
  if (leaked.value !== null) lines.push(`leaked share of hidden pixels: ${difference(leaked, -1)} (paired bootstrap)`);
  return `${lines.join('\n')}\n`;
}

const describe = ({ won, lost, p }: McNemar): string => {
  const trend = won === lost ? 'no change' : won > lost ? 'better' : 'worse';
  return `${won} won, ${lost} lost: ${p < SIGNIFICANT ? trend : 'no significant change'}, p = ${p.toPrecision(2)}`;
};

const difference = ({ value, low, high, p }: PairedDifference, better: 1 | -1): string => {
  const trend = value! * better > 0 ? 'better' : 'worse';
  const points = (share: number): string => `${share > 0 ? '+' : ''}${(share * 100).toFixed(2)}`;
  return `${points(value!)} points (${points(low!)} to ${points(high!)}): ${p! < SIGNIFICANT && value !== 0 ? trend : 'no significant change'}, p = ${p!.toPrecision(2)}`;
};
