import { useEffect, useState } from 'react';
import { useCameras } from '../api/cameras.js';

/** One look at a camera's latency. Times in ms since 1970, latencies in ms. */
export interface LatencySample {
  readonly at: number;
  readonly p50: number;
  readonly p99: number;
}

type Samples = ReadonlyMap<string, readonly LatencySample[]>;

/** How far a plot goes back and how far its samples are apart, ms: each has 360 of a camera at most. */
export const SPANS = {
  hour: { span: 3_600_000, every: 10_000 },
  day: { span: 24 * 3_600_000, every: 240_000 },
} as const;
type Span = keyof typeof SPANS;

/** Kept outside of the page: it goes on while other pages are open. */
const history: Record<Span, { samples: Samples; lastAt: number }> = {
  hour: { samples: new Map(), lastAt: 0 },
  day: { samples: new Map(), lastAt: 0 },
};

/** Takes samples of every camera now and then, and gives what was taken so far. Used once, around all pages. */
export const useLatencyHistory = (): Readonly<Record<Span, Samples>> => {
  const { value: cameras } = useCameras();
  const [seen, setSeen] = useState({ hour: history.hour.samples, day: history.day.samples });
  useEffect(() => {
    const at = Date.now();
    if (!cameras) return;
    for (const name of Object.keys(SPANS) as Span[]) {
      const { span, every } = SPANS[name];
      const { samples, lastAt } = history[name];
      if (at - lastAt < every) continue;
      const grown = new Map(samples);
      for (const { id, latency } of cameras) {
        if (latency === null) continue;
        const kept = (samples.get(id) ?? []).filter((sample) => at - sample.at < span);
        grown.set(id, [...kept, { at, p50: latency.p50, p99: latency.p99 }]);
      }
      history[name] = { samples: grown, lastAt: at };
    }
    setSeen({ hour: history.hour.samples, day: history.day.samples });
  }, [cameras]);
  return seen;
};
