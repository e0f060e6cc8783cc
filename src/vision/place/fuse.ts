import { isProhibitedKind } from '../../zones/zone.js';
import type { PlaceReading, PlaceVerdict } from './verdict.js';

/** How often a place is looked at, ms: a place does not change, what stands before the camera does. */
export const SAMPLE_EVERY_MS = 2000;
/** Samples that count. At one every two seconds: half a minute, longer than somebody stands before a camera. */
export const WINDOW = 15;
/** Samples older than this say nothing of now, ms: the camera may have been offline. */
export const STALE_AFTER_MS = 120_000;
/** A picture alone may be a fluke: this many samples make a first verdict, 4 s after the first. */
export const ENOUGH = 3;
/** From this probability on, two samples are enough: one in several hundred allowed pictures reaches it. */
export const STRONG = 0.97;
/** Share of the samples that makes a verdict of "prohibited"; about half a restroom's pictures may show a person's back. */
export const PROHIBITED_SHARE = 0.5;
/** Most "prohibited" samples, as a share of a full window, with which a verdict of "prohibited" can end. Far from what began it. */
export const RELEASE_SHARE = 0.1;
/** Share of "allowed" samples that makes a verdict of "allowed". */
export const ALLOWED_SHARE = 0.7;
/** Share that a verdict of "allowed" falls below to end: a single odd picture does not unsettle it. */
export const DOUBT_SHARE = 0.5;
/** Kinds of place that the evidence names. */
const NAMED = 3;

/** One look at a camera's place. */
export interface PlaceSample extends PlaceReading {
  /** Monotonic, ms. */
  readonly at: number;
  /** What was found in the picture: `{ toilet: 0.8 }`, the best score per label. */
  readonly objects?: Readonly<Record<string, number>>;
}

/** What led to a verdict. */
export interface PlaceEvidence {
  /** Samples that counted. */
  readonly samples: number;
  /** Share of them per verdict, 0..1. */
  readonly shares: Readonly<Record<PlaceVerdict, number>>;
  /** Mean probability of a prohibited kind. */
  readonly prohibited: number;
  /** The likeliest kinds, best first, with their mean probability. */
  readonly classes: readonly (readonly [kind: string, probability: number])[];
  /** Best score per object, over the samples. */
  readonly objects: Readonly<Record<string, number>>;
  /** What the camera is declared to look at. */
  readonly declared: string;
}

/** What a camera's place is taken for. */
export interface PlaceOpinion {
  readonly verdict: PlaceVerdict;
  /** `declared`: the site file says so, whatever the picture shows; `seen`: the samples do; `few`: too few of them yet. */
  readonly basis: 'declared' | 'seen' | 'few';
  /** Since when, as samples tell time; `null` from the start. */
  readonly since: number | null;
  /** Declared as an ordinary place and looks like a prohibited one: the case that matters. */
  readonly contradicts: boolean;
  readonly evidence: PlaceEvidence;
}

/** What is remembered of one camera between samples. Immutable. */
export interface PlaceHistory {
  readonly declared: string;
  readonly samples: readonly PlaceSample[];
  readonly opinion: PlaceOpinion;
}

const NOTHING_SEEN = {
  samples: 0,
  shares: { prohibited: 0, allowed: 0, unsure: 0 },
  prohibited: 0,
  classes: [],
  objects: {},
};

/** Before the first sample. A place that is declared prohibited is so from the start. */
export function beginPlace(declared: string): PlaceHistory {
  const evidence: PlaceEvidence = { ...NOTHING_SEEN, declared };
  const prohibited = isProhibitedKind(declared);
  return {
    declared,
    samples: [],
    opinion: {
      verdict: prohibited ? 'prohibited' : 'unsure',
      basis: prohibited ? 'declared' : 'few',
      since: null,
      contradicts: false,
      evidence,
    },
  };
}

/**
 * The history with one more sample, and the opinion that follows. Verdicts have hysteresis: "prohibited" comes quickly (two strong samples, or
 * half of three) and goes only when a full window says "allowed"; a declared one never goes. Pure.
 */
export function addSample(history: PlaceHistory, sample: PlaceSample): PlaceHistory {
  const recent = history.samples.filter(({ at }) => sample.at - at <= STALE_AFTER_MS);
  const samples = [...recent, sample].slice(-WINDOW);
  const evidence = evidenceOf(samples, history.declared);
  const { opinion } = history;
  if (opinion.basis === 'declared') return { ...history, samples, opinion: { ...opinion, evidence } };
  const verdict = next(opinion.verdict, samples, evidence.shares);
  const few = verdict === 'unsure' && samples.length < ENOUGH;
  return {
    ...history,
    samples,
    opinion: {
      verdict,
      basis: few ? 'few' : 'seen',
      since: verdict === opinion.verdict ? opinion.since : sample.at,
      contradicts: verdict === 'prohibited',
      evidence,
    },
  };
}

/**
 * After the view changed: what was seen before is of another place. A verdict of "prohibited" stays until the new view has shown for
 * a full window that it is none; "allowed" has to be earned anew.
 */
export function viewChanged(history: PlaceHistory): PlaceHistory {
  const { opinion, declared } = history;
  if (opinion.verdict === 'prohibited')
    return { ...history, samples: [], opinion: { ...opinion, evidence: { ...NOTHING_SEEN, declared } } };
  return beginPlace(declared);
}

function next(
  verdict: PlaceVerdict,
  samples: readonly PlaceSample[],
  shares: Readonly<Record<PlaceVerdict, number>>,
): PlaceVerdict {
  const strong = samples.filter((sample) => sample.verdict === 'prohibited' && sample.prohibited >= STRONG).length;
  const found = samples.length >= ENOUGH ? shares.prohibited >= PROHIBITED_SHARE : strong >= 2;
  if (found) return 'prohibited';
  if (verdict === 'prohibited') {
    // Pictures that do not tell (a dark room at night) take nothing back.
    const refuted = samples.length === WINDOW && shares.prohibited <= RELEASE_SHARE && shares.allowed >= ALLOWED_SHARE;
    return refuted ? 'allowed' : 'prohibited';
  }
  const needed = verdict === 'allowed' ? DOUBT_SHARE : ALLOWED_SHARE;
  return samples.length >= ENOUGH && shares.allowed >= needed ? 'allowed' : 'unsure';
}

function evidenceOf(samples: readonly PlaceSample[], declared: string): PlaceEvidence {
  const count = samples.length;
  const share = (verdict: PlaceVerdict): number =>
    samples.filter((sample) => sample.verdict === verdict).length / count;
  const sums = new Map<string, number>();
  const objects: Record<string, number> = {};
  for (const sample of samples) {
    for (const [kind, probability] of Object.entries(sample.classes))
      sums.set(kind, (sums.get(kind) ?? 0) + probability);
    for (const [label, score] of Object.entries(sample.objects ?? {}))
      objects[label] = Math.max(objects[label] ?? 0, score);
  }
  const classes = [...sums]
    .map(([kind, sum]) => [kind, sum / count] as const)
    .sort(([, a], [, b]) => b - a)
    .slice(0, NAMED);
  return {
    samples: count,
    shares: { prohibited: share('prohibited'), allowed: share('allowed'), unsure: share('unsure') },
    prohibited: samples.reduce((sum, { prohibited }) => sum + prohibited, 0) / count,
    classes,
    objects,
    declared,
  };
}
