declare const raw: unique symbol;

/**
 * A JPEG in which nothing is masked: what the commissioning view shows. The type is opaque, no bytes to whoever holds one, so that it
 * fits nothing that takes a picture: no snapshot, no evidence, no store, no log. It is sealed in one file (`encode-raw.ts`, in the
 * worker) and opened in one other (`http/commission-routes.ts`); `tests/unit/architecture.test.ts` holds both.
 */
export interface RawJpeg {
  readonly [raw]: true;
}

/** For `encode-raw.ts` alone. */
export const sealRawJpeg = (bytes: Buffer): RawJpeg => bytes as unknown as RawJpeg;

/** For `http/commission-routes.ts` alone. */
export const openRawJpeg = (picture: RawJpeg): Buffer => {
  const { buffer, byteOffset, byteLength } = picture as unknown as Uint8Array;
  return Buffer.from(buffer, byteOffset, byteLength);
};
