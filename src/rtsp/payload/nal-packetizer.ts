import { type RtpBatch, type RtpBatchHeader, RtpBatchWriter } from './rtp-batch.js';

/**
 * Bytes of RTP payload a packet carries at most: with RTP (12), UDP (8) and IPv6 (40) headers 1,460, which leaves room for a
 * tunnel's header below Ethernet's 1,500.
 */
export const DEFAULT_MAX_PAYLOAD_BYTES = 1_400;

/** How one codec's payload format writes its three kinds of packet; the walk over the NAL units is the same for all. */
export interface NalPayloadFormat {
  /** Bytes of the NAL unit header, which a fragment replaces by its own. */
  readonly nalHeaderBytes: number;
  /** Bytes that a fragment begins with. */
  readonly fragmentHeaderBytes: number;
  /** Bytes that an aggregation packet begins with; each unit in it takes 2 more for its size. */
  readonly aggregationHeaderBytes: number;
  /** Writes the header of an aggregation packet of `nals[from]` up to, not including, `nals[to]`. */
  writeAggregationHeader(writer: RtpBatchWriter, nals: readonly Buffer[], from: number, to: number): void;
  /** Writes the header of a fragment of the unit. */
  writeFragmentHeader(writer: RtpBatchWriter, nal: Buffer, first: boolean, last: boolean): void;
}

/** Turns access units into RTP packets. Stateless: the sequence numbers come with the header. */
export type Packetizer = (nals: readonly Buffer[], header: RtpBatchHeader) => RtpBatch | null;

/** Bytes of the size before each unit of an aggregation packet (RFC 6184, 5.7.1; RFC 7798, 4.4.2). */
const SIZE_BYTES = 2;

/**
 * Packets of one access unit: neighbours that fit into one packet together are aggregated, what exceeds a packet is fragmented,
 * the rest goes as single NAL units. Nothing is reordered, no unit is left out but empty ones.
 * @returns null where no unit has a payload
 */
export const nalPacketizer =
  (format: NalPayloadFormat, maxPayloadBytes: number): Packetizer =>
  (nals, header) => {
    const fragmentBytes = maxPayloadBytes - format.fragmentHeaderBytes;
    let bytes = 0;
    let packets = 0;
    for (const nal of nals) {
      const fragments = Math.ceil(nal.length / fragmentBytes);
      packets += fragments;
      bytes += nal.length + SIZE_BYTES + format.aggregationHeaderBytes + fragments * format.fragmentHeaderBytes;
    }
    const writer = new RtpBatchWriter(header, packets, bytes);
    let written = false;
    for (let at = 0; at < nals.length; ) {
      const nal = nals[at]!;
      if (nal.length <= format.nalHeaderBytes) {
        at++;
        continue;
      }
      written = true;
      const end = aggregateEnd(nals, at, format, maxPayloadBytes);
      if (end - at > 1) writeAggregate(writer, nals, at, end, format);
      else if (nal.length <= maxPayloadBytes) writeSingle(writer, nal);
      else writeFragments(writer, nal, format, fragmentBytes);
      at = end;
    }
    return written ? writer.finish() : null;
  };

/** Up to where the units from `from` on fit into one packet; at least `from + 1`. */
const aggregateEnd = (nals: readonly Buffer[], from: number, format: NalPayloadFormat, maxBytes: number): number => {
  let bytes = format.aggregationHeaderBytes;
  let end = from;
  while (end < nals.length && nals[end]!.length > format.nalHeaderBytes) {
    bytes += SIZE_BYTES + nals[end]!.length;
    if (bytes > maxBytes) break;
    end++;
  }
  return Math.max(end, from + 1);
};

const writeSingle = (writer: RtpBatchWriter, nal: Buffer): void => {
  writer.begin();
  writer.bytes(nal, 0, nal.length);
  writer.end();
};

const writeAggregate = (
  writer: RtpBatchWriter,
  nals: readonly Buffer[],
  from: number,
  to: number,
  format: NalPayloadFormat,
): void => {
  writer.begin();
  format.writeAggregationHeader(writer, nals, from, to);
  for (let i = from; i < to; i++) {
    const nal = nals[i]!;
    writer.uint16(nal.length);
    writer.bytes(nal, 0, nal.length);
  }
  writer.end();
};

const writeFragments = (writer: RtpBatchWriter, nal: Buffer, format: NalPayloadFormat, fragmentBytes: number): void => {
  for (let at = format.nalHeaderBytes; at < nal.length; ) {
    const end = Math.min(at + fragmentBytes, nal.length);
    writer.begin();
    format.writeFragmentHeader(writer, nal, at === format.nalHeaderBytes, end === nal.length);
    writer.bytes(nal, at, end);
    writer.end();
    at = end;
  }
};
