import { ZONE } from '../../src/guard/guard.fixture.js';
import type { ViewKind } from '../../src/guard/verdict.js';
import { ViewGuard } from '../../src/guard/view-guard.js';
import type { Size, ZoneSet } from '../../src/zones/zone.js';
import { FPS } from './tampers.js';

export const ZONES: ZoneSet = [ZONE];

export interface Watched {
  readonly frames: number;
  /** The first frame that was withheld, or null. */
  readonly first: number | null;
  readonly verdict: ViewKind;
  readonly detail: string;
  readonly learned: boolean;
  readonly medianMs: number;
  readonly meanMs: number;
}

/** Shows frames to a guard that begins without a view, up to the first that it withholds. */
export async function watch(frames: AsyncIterable<Buffer>, size: Size, zones: ZoneSet): Promise<Watched> {
  let learned = false;
  const guard = new ViewGuard(
    { mode: 'withhold', mayLearn: true, reference: null, zones },
    {
      learned: () => {
        learned = true;
      },
      drifted: () => undefined,
      unlearnable: () => undefined,
    },
  );
  const spent: number[] = [];
  const result = (first: number | null, verdict: ViewKind, detail: string): Watched => {
    const sorted = spent.toSorted((a, b) => a - b);
    const meanMs = spent.reduce((sum, ms) => sum + ms, 0) / spent.length;
    return { frames: spent.length, first, verdict, detail, learned, medianMs: sorted[spent.length >> 1]!, meanMs };
  };
  for await (const data of frames) {
    const started = performance.now();
    const { kind, detail } = guard.look(
      { data, stride: size.width },
      size.width,
      size.height,
      (spent.length * 1000) / FPS,
    );
    spent.push(performance.now() - started);
    if (kind !== 'steady') return result(spent.length - 1, kind, detail);
  }
  return result(null, 'steady', '');
}
