import { z } from 'zod';

/** Objects less sure than this say nothing about a place. Lower than what counts as found: several weak hints add up. */
export const EVIDENCE_FROM = 0.2;

/** What was found in a picture, as far as it matters here. */
export interface SeenObject {
  readonly label: string;
  /** 0..1 */
  readonly score: number;
  /** Shares of the picture. */
  readonly box?: { readonly height: number };
}

/** Things that a hand holds, by their COCO names. */
const HANDHELD: ReadonlySet<string> = new Set(
  'bottle,wine glass,cup,bowl,vase,book,remote,cell phone,mouse,keyboard,scissors,toothbrush,hair drier'.split(','),
);

/**
 * One of them that is this sure and this high stands right before the camera: the picture shows things, not a place. So do 0.7 % of the
 * held-out training pictures, of prohibited kinds and of others alike.
 */
const CLOSE_SCORE = 0.5;
const CLOSE_HEIGHT = 0.35;

/** Whether the picture is filled by things that lie close by. */
export const isCloseUp = (objects: readonly SeenObject[]): boolean =>
  objects.some(
    ({ label, score, box }) =>
      HANDHELD.has(label) && score >= CLOSE_SCORE && box !== undefined && box.height >= CLOSE_HEIGHT,
  );

/** Best score per label. */
export type ObjectScores = Readonly<Record<string, number>>;

export function bestScores(objects: readonly SeenObject[]): ObjectScores {
  const best: Record<string, number> = {};
  for (const { label, score } of objects) if (score >= EVIDENCE_FROM) best[label] = Math.max(best[label] ?? 0, score);
  return best;
}

/** How the scene's log odds and what stands in it become log odds of a prohibited place, and which of them make a verdict. */
export const scale = z.strictObject({
  slope: z.number().positive(),
  offset: z.number(),
  /** Log odds per score of 1, by label. Empty where objects were not looked for. */
  objects: z.record(z.string(), z.number()),
  /** `prohibited` from here on is a verdict: 2 % of the allowed pictures reach it. */
  prohibitedFrom: z.number().gt(0).lt(1),
  /** Below it the place is allowed; between the two it is `unsure`. */
  allowedBelow: z.number().gt(0).lt(1),
});
export type Scale = z.infer<typeof scale>;

/** Probability, 0..1, that a place is prohibited. @param odds log odds of the scene alone */
export function weigh(odds: number, objects: ObjectScores, { slope, offset, objects: weights }: Scale): number {
  let sum = slope * odds + offset;
  for (const label in weights) sum += weights[label]! * (objects[label] ?? 0);
  return 1 / (1 + Math.exp(-sum));
}
