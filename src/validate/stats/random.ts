/** A stream of numbers in [0, 1) that a seed fixes on every machine. */
export type Random = () => number;

/**
 * sfc32 (Doty-Humphrey, PractRand): 128 bits of state, passes its author's and TestU01's batteries, and needs 32-bit integers only, so
 * that every engine gives the same numbers.
 *
 * @param seed a whole number
 */
export const seeded = (seed: number): Random => {
  let [a, b, c, counter] = [seed | 0, Math.floor(seed / 2 ** 32) | 0, 0x9e3779b9 | 0, 1];
  const next = (): number => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return (t >>> 0) / 2 ** 32;
  };
  // The first numbers still show the seed.
  for (let i = 0; i < 15; i++) next();
  return next;
};
