/** Reads the bits of a parameter set (ITU-T H.264, 7.2 and 9.1), without the bytes that keep start codes out of it. */
export class BitReader {
  readonly #bytes: Buffer;
  #at = 0;

  /** @param unit a NAL unit without start code */
  constructor(unit: Buffer) {
    this.#bytes = withoutEmulation(unit);
  }

  /** Reads up to 32 bits as a number. Beyond the end there are zeros. */
  take(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++, this.#at++) {
      const byte = this.#bytes[this.#at >> 3] ?? 0;
      value = value * 2 + ((byte >> (7 - (this.#at & 7))) & 1);
    }
    return value;
  }

  skip(count: number): void {
    this.#at += count;
  }

  /** An unsigned Exp-Golomb code. */
  takeUe(): number {
    let zeros = 0;
    while (zeros < 32 && this.take(1) === 0) zeros++;
    return 2 ** zeros - 1 + this.take(zeros);
  }
}

/** Takes out each 3 that follows two zeros (emulation_prevention_three_byte). */
const withoutEmulation = (unit: Buffer): Buffer => {
  const bytes = Buffer.alloc(unit.length);
  let [length, zeros] = [0, 0];
  for (const byte of unit) {
    if (zeros >= 2 && byte === 3) {
      zeros = 0;
      continue;
    }
    bytes[length++] = byte;
    zeros = byte === 0 ? zeros + 1 : 0;
  }
  return bytes.subarray(0, length);
};
