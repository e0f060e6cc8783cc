/** Milliseconds on the machine's monotonic clock: the same in every process, also in those of other languages. */
export const monotonicMs = (): number => Number(process.hrtime.bigint()) / 1e6;
