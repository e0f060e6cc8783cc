import { ZONE } from '../../src/guard/guard.fixture.js';
import type { ViewKind } from '../../src/guard/verdict.js';
import { ViewGuard } from '../../src/guard/view-guard.js';
import type { Size, ZoneSet } from '../../src/zones/zone.js';
import { FPS } from './tampers.js';

/** Padding as that of 16 px at 1080p. */
export const ZONES: ZoneSet = [{ ...ZONE, padding: 5 }];

export interface Watched {
  readonly frames: number;
  /** The first frame that was withheld, or null. */
  readonly first: number | null;
  readonly verdict: ViewKind;
  readonly detail: string;
  readonly learned: boolean;
}

/** A guard that begins without a view. */
export const guardOf = (zones: ZoneSet, onLearned: () => void = () => undefined): ViewGuard =>
  new ViewGuard(
    { mode: 'withhold', mayLearn: true, reference: null, zones },
    { learned: onLearned, drifted: () => undefined, unlearnable: () => undefined },
  );

/** Shows frames to a guard that begins without a view, up to the first that it withholds. */
export async function watch(frames: AsyncIterable<Buffer>, size: Size, zones: ZoneSet): Promise<Watched> {
  let learned = false;
  const guard = guardOf(zones, () => {
    learned = true;
  });
  let n = 0;
  for await (const data of frames) {
    const { kind, detail } = guard.look({ data, stride: size.width }, size.width, size.height, (n * 1000) / FPS);
    if (kind !== 'steady') return { frames: n + 1, first: n, verdict: kind, detail, learned };
    n++;
  }
  return { frames: n, first: null, verdict: 'steady', detail: '', learned };
}
