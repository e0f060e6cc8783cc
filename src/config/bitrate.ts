import { type Reading, refuse } from './reading.js';

/** Under this even a slate does not fit; above it no camera sends. Both catch a wrong unit. */
const MIN_BITS_PER_SECOND = 50_000;
const MAX_BITS_PER_SECOND = 200_000_000;
const FACTORS: Readonly<Record<string, number>> = { k: 1_000, K: 1_000, M: 1_000_000, m: 1_000_000 };

/** Reads `4M` or `800k` (decimal prefixes, as encoders use them) as bits per second. */
export const parseBitrate = (text: string): Reading<number> => {
  const match = /^(\d+(?:\.\d+)?)([kKmM])$/.exec(text.trim());
  if (match === null) {
    return refuse('bitrate-malformed', `${JSON.stringify(text)} is not a bitrate.`, 'Write it as 4M or 800k.');
  }
  const bits = Math.round(Number(match[1]) * FACTORS[match[2]!]!);
  if (bits < MIN_BITS_PER_SECOND || bits > MAX_BITS_PER_SECOND) {
    return refuse(
      'bitrate-out-of-range',
      `${text} is ${bits} bits per second, which no video stream has.`,
      'Write something between 50k and 200M; 1080p usually takes 2M to 6M.',
    );
  }
  return { ok: true, value: bits };
};
