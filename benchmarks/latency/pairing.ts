import type { Sighting } from '../clients/decoding-client.js';

/** A picture that seems to come out before it came in, ms: the two clients' own jitter. */
const EARLIEST_MS = -50;

/**
 * What was added between two places, ms: for each numbered picture at the far one, when it came there less when it came at the near
 * one. Numbers return when the clip begins again, so that only a sighting less than `withinMs` before counts.
 */
export const addedLatencies = (near: readonly Sighting[], far: readonly Sighting[], withinMs: number): number[] => {
  const seen = new Map<number, number[]>();
  for (const { at, number } of near) {
    if (number < 0) continue;
    const times = seen.get(number);
    if (times) times.push(at);
    else seen.set(number, [at]);
  }
  const added: number[] = [];
  for (const { at, number } of far) {
    if (number < 0) continue;
    const delays = (seen.get(number) ?? []).map((time) => at - time).filter((d) => d > EARLIEST_MS && d < withinMs);
    if (delays.length > 0) added.push(Math.min(...delays));
  }
  return added;
};
