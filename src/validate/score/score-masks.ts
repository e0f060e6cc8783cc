import { type Estimate, wilson } from '../stats/interval.js';
import { boundForNone, itemsForNone } from '../stats/sample-size.js';
import { type Answered, type ByCondition, byCondition } from './by-condition.js';

/** What got out of what must be hidden. */
export interface LeakScore {
  readonly files: number;
  /** Files of which nothing was written, by the product's reason. Nothing leaks of them. */
  readonly refused: Readonly<Record<string, number>>;
  /** Frames in which something must be hidden. */
  readonly frames: number;
  readonly leakedFrames: number;
  readonly hiddenPixels: number;
  readonly leakedPixels: number;
  /** Of those frames, the share that leaked. */
  readonly leakedShare: Estimate;
  /** Without a leak: leaks are rarer than this at 95 % confidence, by frames. null where there was one. */
  readonly rarerThan: number | null;
  /** Frames that the source has and the output has not. */
  readonly lostFrames: number;
  /** Of the picture, on average over files. */
  readonly maskedShare: number | null;
}

export interface MaskScore extends LeakScore {
  readonly byCondition: ByCondition<LeakScore>;
  /** How many frames without a leak it takes to say "less than one in a hundred". */
  readonly framesNeeded: number;
}

export function scoreMasks(answered: readonly Answered[]): MaskScore | null {
  const own = answered.filter(({ answer }) => answer.mask);
  if (own.length === 0) return null;
  return { ...scoreLeaks(own), byCondition: byCondition(own, scoreLeaks), framesNeeded: itemsForNone() };
}

function scoreLeaks(answered: readonly Answered[]): LeakScore {
  const masks = answered.map(({ answer }) => answer.mask!);
  const written = masks.filter(({ refused }) => refused === null);
  const sum = (of: (mask: (typeof masks)[number]) => number): number =>
    masks.reduce((total, mask) => total + of(mask), 0);
  const refused: Record<string, number> = {};
  for (const mask of masks) if (mask.refused !== null) refused[mask.refused] = (refused[mask.refused] ?? 0) + 1;
  const frames = sum(({ hiddenFrames }) => hiddenFrames);
  const leakedFrames = sum(({ leakedFrames }) => leakedFrames);
  return {
    files: masks.length,
    refused,
    frames,
    leakedFrames,
    hiddenPixels: sum(({ hiddenPixels }) => hiddenPixels),
    leakedPixels: sum(({ leakedPixels }) => leakedPixels),
    leakedShare: wilson(leakedFrames, frames),
    rarerThan: leakedFrames === 0 && frames > 0 ? boundForNone(frames) : null,
    lostFrames: sum((mask) => mask.frames - mask.written),
    maskedShare: written.length === 0 ? null : sum(({ maskedShare }) => maskedShare) / written.length,
  };
}
