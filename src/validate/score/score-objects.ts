import type { Box, ObjectTruth } from '../dataset/item.js';
import { bootstrap } from '../stats/bootstrap.js';
import { fScore } from '../stats/decisions.js';
import { type Estimate, wilson } from '../stats/interval.js';
import type { FoundObject } from '../subjects/answer.js';
import type { Answered } from './by-condition.js';

/** Boxes that share half of what both cover together are the same thing (Pascal VOC). */
export const SAME_THING = 0.5;

/** How well one kind of thing was found. */
export interface ObjectClassScore {
  readonly truths: number;
  readonly found: number;
  readonly falseFinds: number;
  readonly precision: Estimate;
  readonly recall: Estimate;
  readonly f1: Estimate;
  readonly f2: Estimate;
  /** Area under precision over recall, at the half-overlap of Pascal VOC. null without truths. */
  readonly averagePrecision: number | null;
}

export interface ObjectScore {
  readonly pictures: number;
  readonly perClass: Readonly<Record<string, ObjectClassScore>>;
}

/** Finds of one picture beside its truths. */
interface Matched {
  readonly truths: number;
  /** Best first. */
  readonly finds: readonly { readonly score: number; readonly right: boolean }[];
}

export function scoreObjects(answered: readonly Answered[], seed: number): ObjectScore | null {
  const pictures = answered.flatMap(picturesOf);
  if (pictures.length === 0) return null;
  const labels = [...new Set(pictures.flatMap(({ truths }) => truths.map(({ label }) => label)))].sort();
  return {
    pictures: pictures.length,
    perClass: Object.fromEntries(
      labels.map((label) => [
        label,
        scoreClass(
          pictures.map(({ truths, finds }) =>
            matchObjects(
              truths.filter((truth) => truth.label === label),
              finds.filter((find) => find.label === label),
            ),
          ),
          seed,
        ),
      ]),
    ),
  };
}

/** Every picture of a file that is annotated, with what is there and what was found. */
function picturesOf({ item, answer }: Answered): { truths: readonly ObjectTruth[]; finds: readonly FoundObject[] }[] {
  if (item.objects === null || !answer.objects) return [];
  const frames = new Set<number | null>(item.kind === 'still' ? [null] : item.objects.map(({ frame }) => frame));
  return [...frames].map((frame) => ({
    truths: item.objects!.filter((truth) => truth.frame === frame),
    finds: answer.objects!.filter((find) => find.frame === frame),
  }));
}

/** Each find takes the truth that it overlaps most, if it is still free; what hits an ignored one alone counts for nothing. */
export function matchObjects(truths: readonly ObjectTruth[], finds: readonly FoundObject[]): Matched {
  const free = new Set(truths.filter(({ ignore }) => !ignore));
  const counted = free.size;
  const judged: { score: number; right: boolean }[] = [];
  for (const { box, score } of finds.toSorted((a, b) => b.score - a.score)) {
    const [best] = [...free]
      .map((truth) => ({ truth, overlap: overlap(truth.box, box) }))
      .filter((pair) => pair.overlap >= SAME_THING)
      .sort((a, b) => b.overlap - a.overlap);
    if (best) free.delete(best.truth);
    else if (truths.some((truth) => truth.ignore && overlap(truth.box, box) >= SAME_THING)) continue;
    judged.push({ score, right: best !== undefined });
  }
  return { truths: counted, finds: judged };
}

/** Intersection over union. */
export function overlap(a: Box, b: Box): number {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  if (width <= 0 || height <= 0) return 0;
  const area = ([left, top, right, bottom]: Box): number => (right - left) * (bottom - top);
  return (width * height) / (area(a) + area(b) - width * height);
}

function scoreClass(pictures: readonly Matched[], seed: number): ObjectClassScore {
  const counts = (drawn: Iterable<Matched>) => {
    let [truths, right, wrong] = [0, 0, 0];
    for (const picture of drawn) {
      truths += picture.truths;
      for (const find of picture.finds) find.right ? right++ : wrong++;
    }
    return { truePositives: right, falsePositives: wrong, falseNegatives: truths - right };
  };
  const { truePositives, falsePositives, falseNegatives } = counts(pictures);
  const f = (beta: number): Estimate =>
    bootstrap(pictures.length, (items) => fScore(counts(Array.from(items, (i) => pictures[i]!)), beta), { seed });
  const truths = truePositives + falseNegatives;
  return {
    truths,
    found: truePositives,
    falseFinds: falsePositives,
    precision: wilson(truePositives, truePositives + falsePositives),
    recall: wilson(truePositives, truths),
    f1: f(1),
    f2: f(2),
    averagePrecision: averagePrecision(pictures, truths),
  };
}

/** Area under the precision that is reached at each recall or beyond (Pascal VOC since 2010). */
export function averagePrecision(pictures: readonly Matched[], truths: number): number | null {
  if (truths === 0) return null;
  const finds = pictures.flatMap((picture) => picture.finds).sort((a, b) => b.score - a.score);
  const precisions: number[] = [];
  let right = 0;
  for (const [i, find] of finds.entries()) {
    if (!find.right) continue;
    right++;
    precisions.push(right / (i + 1));
  }
  let [best, sum] = [0, 0];
  for (const precision of precisions.reverse()) {
    best = Math.max(best, precision);
    sum += best;
  }
  return sum / truths;
}
