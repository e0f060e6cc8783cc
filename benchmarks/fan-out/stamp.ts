import { monotonicMs } from '../measuring/clock.js';

/** A NAL unit of filler data (H.264, 7.3.2.7), which nobody looks into; its payload is the time in microseconds, in digits. */
const FILLER = Buffer.from([0, 0, 0, 1, 12]);
const DIGITS = 16;

/** Appends to an access unit when it was handed over, so that readers need not decode anything to know how old it is. */
export const stamp = (unit: Buffer): Buffer => {
  const time = Math.round(monotonicMs() * 1000)
    .toString()
    .padStart(DIGITS, '0');
  return Buffer.concat([unit, FILLER, Buffer.from(time, 'latin1')]);
};

/** Age in ms of the picture whose last packet this is; NaN where it bears no stamp. */
export const ageOf = (packet: Buffer): number =>
  monotonicMs() - Number(packet.toString('latin1', packet.length - DIGITS)) / 1000;
