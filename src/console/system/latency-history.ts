import { useEffect, useState } from 'react';
import { useCameras } from '../api/cameras.js';

/** One look at a camera's latency. Times in ms since 1970, latencies in ms. */
export interface LatencySample {
  readonly at: number;
  readonly p50: number;
  readonly p99: number;
}

/** An hour, a sample every ten seconds. */
export const HISTORY_MS = 3_600_000;
const EVERY_MS = 10_000;

/** Kept outside of the page: it goes on while other pages are open. */
const history = new Map<string, LatencySample[]>();
let lastAt = 0;

/** Takes a sample of every camera now and then, and gives what was taken so far. Used once, around all pages. */
export const useLatencyHistory = (): ReadonlyMap<string, readonly LatencySample[]> => {
  const { value: cameras } = useCameras();
  const [seen, setSeen] = useState<ReadonlyMap<string, readonly LatencySample[]>>(new Map(history));
  useEffect(() => {
    const at = Date.now();
    if (!cameras || at - lastAt < EVERY_MS) return;
    lastAt = at;
    for (const { id, latency } of cameras) {
      if (latency === null) continue;
      const samples = (history.get(id) ?? []).filter((sample) => at - sample.at < HISTORY_MS);
      history.set(id, [...samples, { at, p50: latency.p50, p99: latency.p99 }]);
    }
    setSeen(new Map(history));
  }, [cameras]);
  return seen;
};
