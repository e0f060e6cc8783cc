import type { RtpPacket } from '../wire/rtp.js';
import { type CodedPicture, type Depacketizer, makeCounters } from './coded-picture.js';
import { EOI, formatJpegHeader, type JpegQuantiser } from './jpeg-header.js';
import { QUANTISER_BYTES, quantisersOfQuality } from './jpeg-tables.js';
import { PictureBuffer } from './picture-buffer.js';

/** RFC 2435, 3.1: the main header; 3.1.7: restart markers; 3.1.8: quantisation tables. */
const MAIN_HEADER_BYTES = 8;
const RESTART_HEADER_BYTES = 4;
const TABLE_HEADER_BYTES = 4;
/** Types from here carry a restart header. */
const RESTART_TYPES = 64;
/** Q from here means tables in-band; 255 says that they may differ in each picture. */
const IN_BAND_Q = 128;
const EVERY_PICTURE_Q = 255;

/** A picture of more than 2040 pixels a side says 0 in its packets; then the SDP must tell (`a=x-dimensions`). */
export interface JpegDimensions {
  readonly width: number;
  readonly height: number;
}

/**
 * Motion JPEG over RTP (RFC 2435), types 0, 1, 64 and 65: each picture becomes a JPEG file. Every picture is a keyframe. A picture with
 * a hole ends at the hole, one without its first packet is left out (its tables are not known), and counted.
 */
export class JpegDepacketizer implements Depacketizer {
  readonly counters = makeCounters();
  private readonly picture = new PictureBuffer();
  private timestamp = 0;
  /** `idle`: waiting for a first packet; `skipping`: the rest of this picture is of no use. */
  private state: 'idle' | 'gathering' | 'truncated' | 'skipping' = 'idle';
  /** Offset of the next fragment in the entropy-coded data. */
  private expectedOffset = 0;
  private corrupt = false;
  /** In-band tables by their Q, which later packets may refer to without repeating them (RFC 2435, 3.1.8). */
  private readonly tables = new Map<number, readonly JpegQuantiser[]>();
  private header: Buffer = Buffer.alloc(0);
  private headerKey = '';
  private headerTables: readonly JpegQuantiser[] | null = null;

  constructor(
    private readonly onPicture: (picture: CodedPicture) => void,
    private readonly dimensions: JpegDimensions | null = null,
  ) {}

  push(packet: RtpPacket, lost: number): void {
    this.counters.packets++;
    if (lost > 0) {
      this.counters.lost += lost;
      this.corrupt = true;
    }
    if (this.state !== 'idle' && packet.timestamp !== this.timestamp) {
      this.end();
    }
    this.timestamp = packet.timestamp;
    if (packet.payloadEnd > packet.payloadStart && !this.fragment(packet)) this.malformed();
    if (packet.marker) this.end();
  }

  /** Whether the packet could be read. */
  private fragment(packet: RtpPacket): boolean {
    const { bytes, payloadStart, payloadEnd: end } = packet;
    if (end - payloadStart < MAIN_HEADER_BYTES) return false;
    const offset = bytes.readUIntBE(payloadStart + 1, 3);
    const type = bytes[payloadStart + 4]!;
    let at = payloadStart + MAIN_HEADER_BYTES;
    let restartInterval = 0;
    if (type >= RESTART_TYPES) {
      if (end - at < RESTART_HEADER_BYTES) return false;
      restartInterval = bytes.readUInt16BE(at);
      at += RESTART_HEADER_BYTES;
    }
    if (offset === 0) {
      const dataStart = this.begin(packet, at, restartInterval);
      if (dataStart === null) return false;
      at = dataStart;
    } else if (this.state === 'idle' || this.state === 'skipping') {
      this.state = 'skipping';
      return true;
    } else if (offset !== this.expectedOffset) {
      // Entropy-coded data cannot be read on behind a hole; what is there so far can be shown.
      this.state = 'truncated';
      this.corrupt = true;
    }
    if (this.state !== 'gathering') return true;
    this.picture.append(bytes, at, end);
    this.expectedOffset = offset + end - at;
    return true;
  }

  /** Reads the first packet's tables, from `start` on, and writes the file's header. Gives where the data begins; null: nowhere. */
  private begin(packet: RtpPacket, start: number, restartInterval: number): number | null {
    const { bytes, payloadStart, payloadEnd: end } = packet;
    const type = bytes[payloadStart + 4]!;
    const q = bytes[payloadStart + 5]!;
    const width = bytes[payloadStart + 6]! * 8 || this.dimensions?.width || 0;
    const height = bytes[payloadStart + 7]! * 8 || this.dimensions?.height || 0;
    const chroma = (type & ~RESTART_TYPES) === 0 ? '4:2:2' : '4:2:0';
    if (type > RESTART_TYPES + 1 || (type > 1 && type < RESTART_TYPES) || width === 0 || height === 0 || q === 0) {
      return null;
    }
    let at = start;
    if (q >= IN_BAND_Q) {
      if (end - at < TABLE_HEADER_BYTES) return null;
      const precisions = bytes[at + 1]!;
      const length = bytes.readUInt16BE(at + 2);
      at += TABLE_HEADER_BYTES;
      if (length > end - at) return null;
      if (length > 0 && !this.readTables(q, precisions, bytes.subarray(at, at + length))) return null;
      if (length === 0 && q === EVERY_PICTURE_Q) return null;
      at += length;
    } else if (!this.tables.has(q)) {
      const both = quantisersOfQuality(q);
      this.tables.set(q, [
        { precision: 1, table: both.subarray(0, QUANTISER_BYTES) },
        { precision: 1, table: both.subarray(QUANTISER_BYTES) },
      ]);
    }
    const quantisers = this.tables.get(q);
    if (!quantisers) return null;
    const key = `${width} ${height} ${chroma} ${restartInterval}`;
    if (key !== this.headerKey || quantisers !== this.headerTables) {
      this.header = formatJpegHeader({ width, height, chroma, quantisers, restartInterval });
      this.headerKey = key;
      this.headerTables = quantisers;
    }
    this.picture.clear();
    this.picture.append(this.header, 0, this.header.length);
    this.state = 'gathering';
    // Offsets prove this picture whole, whatever was lost before it.
    this.corrupt = false;
    return at;
  }

  /** RFC 2435, 3.1.8: bit i of `precisions` says that table i has 16-bit values. */
  private readTables(q: number, precisions: number, bytes: Buffer): boolean {
    const known = this.tables.get(q);
    if (known && bytes.equals(Buffer.concat(known.map(({ table }) => table)))) return true;
    const tables: JpegQuantiser[] = [];
    for (let at = 0; at < bytes.length; ) {
      const precision = (precisions >> tables.length) & 1 ? 2 : 1;
      const table = bytes.subarray(at, at + precision * QUANTISER_BYTES);
      if (table.length < precision * QUANTISER_BYTES) return false;
      if (tables.length < 2) tables.push({ precision, table: Buffer.from(table) });
      at += table.length;
    }
    this.tables.set(q, tables);
    return true;
  }

  private malformed(): void {
    this.counters.malformed++;
    this.corrupt = true;
    if (this.state === 'idle') this.state = 'skipping';
  }

  private end(): void {
    const complete = this.state === 'gathering' || this.state === 'truncated';
    if (complete) {
      if (this.picture.overflowed) {
        this.counters.malformed++;
        this.corrupt = true;
      }
      this.closeImage();
      this.counters.pictures++;
      if (this.corrupt) this.counters.corruptPictures++;
      const picture: CodedPicture = {
        data: this.picture.take(),
        keyframe: true,
        rtpTimestamp: this.timestamp,
        corrupt: this.corrupt,
      };
      this.reset();
      this.onPicture(picture);
    } else {
      if (this.state === 'skipping') this.counters.corruptPictures++;
      this.reset();
    }
  }

  private reset(): void {
    this.state = 'idle';
    this.corrupt = false;
    this.expectedOffset = 0;
    this.picture.clear();
  }

  private closeImage(): void {
    if (this.picture.fromEnd(0) === EOI && this.picture.fromEnd(1) === 0xff) return;
    this.picture.appendByte(0xff);
    this.picture.appendByte(EOI);
  }
}
