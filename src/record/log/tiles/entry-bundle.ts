/** Bytes of the length before each entry. */
const LENGTH_BYTES = 2;

/** What a length of two bytes can say. */
export const MAX_BUNDLED_BYTES = 0xffff;

/** An entry as a bundle holds it: a big-endian uint16 length, then the entry (C2SP tlog-tiles). */
export function frameEntry(entry: Uint8Array): Buffer {
  const framed = Buffer.allocUnsafe(LENGTH_BYTES + entry.length);
  framed.writeUInt16BE(entry.length);
  framed.set(entry, LENGTH_BYTES);
  return framed;
}

/** What a bundle holds: the entries up to the first that is cut short, as views of `bundle`. */
export interface BundleEntries {
  readonly entries: readonly Buffer[];
  /** Bytes of the whole entries; fewer than the bundle has where the last one is cut short. */
  readonly end: number;
}

/** Splits a bundle into its entries, never more than `limit`. */
export function readBundle(bundle: Buffer, limit: number): BundleEntries {
  const entries: Buffer[] = [];
  let end = 0;
  while (entries.length < limit && end + LENGTH_BYTES <= bundle.length) {
    const start = end + LENGTH_BYTES;
    const next = start + bundle.readUInt16BE(end);
    if (next > bundle.length) break;
    entries.push(bundle.subarray(start, next));
    end = next;
  }
  return { entries, end };
}
