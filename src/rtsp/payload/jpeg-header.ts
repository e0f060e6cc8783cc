import { HUFFMAN_SEGMENTS } from './jpeg-tables.js';

/** What the headers of a JPEG file say beyond the constant. */
export interface JpegParameters {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** RTP/JPEG type 0: chroma at half width; type 1: at half width and height. */
  readonly chroma: '4:2:2' | '4:2:0';
  /** One table for all components, or luma and chroma; 64 values each, in zigzag order. */
  readonly quantisers: readonly JpegQuantiser[];
  /** Minimum coded units between restart markers; 0: there are none. */
  readonly restartInterval: number;
}

export interface JpegQuantiser {
  /** Bytes a value: 1 or 2. */
  readonly precision: 1 | 2;
  /** 64 or 128 bytes. */
  readonly table: Buffer;
}

/** End of image. */
export const EOI = 0xd9;

/**
 * Everything of a JPEG file (JFIF) before its entropy-coded data, as RFC 2435, appendix B rebuilds it: SOI, APP0, DQT, DRI,
 * SOF0, DHT, SOS.
 */
export const formatJpegHeader = (parameters: JpegParameters): Buffer => {
  const { width, height, chroma, quantisers, restartInterval } = parameters;
  const chromaTable = quantisers.length > 1 ? 1 : 0;
  const parts: Uint8Array[] = [Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex')];
  quantisers.forEach(({ precision, table }, index) => {
    parts.push(Buffer.from([0xff, 0xdb, 0, 3 + table.length, ((precision - 1) << 4) | index]), table);
  });
  if (restartInterval > 0) parts.push(Buffer.from([0xff, 0xdd, 0, 4, restartInterval >> 8, restartInterval & 0xff]));
  parts.push(
    Buffer.from([0xff, 0xc0, 0, 17, 8, height >> 8, height & 0xff, width >> 8, width & 0xff, 3]),
    Buffer.from([1, chroma === '4:2:2' ? 0x21 : 0x22, 0, 2, 0x11, chromaTable, 3, 0x11, chromaTable]),
    HUFFMAN_SEGMENTS,
    Buffer.from('ffda000c03010002110311003f00', 'hex'),
  );
  return Buffer.concat(parts);
};
