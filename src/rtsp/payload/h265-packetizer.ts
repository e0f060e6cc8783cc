import { DEFAULT_MAX_PAYLOAD_BYTES, type NalPayloadFormat, nalPacketizer, type Packetizer } from './nal-packetizer.js';

/** Aggregation packet (RFC 7798, 4.4.2). */
const AP = 48;
/** Fragmentation unit (RFC 7798, 4.4.3). */
const FU = 49;

/*
 * The NAL unit header (RFC 7798, 1.1.4), 16 bits:
 *   F 1 | Type 6 | LayerId 6 | TID 3
 */
const FORBIDDEN_BIT = 0x8000;
const TYPE_SHIFT = 9;
const TYPE_BITS = 0x3f;
const LAYER_SHIFT = 3;
const LAYER_BITS = 0x3f;
const TEMPORAL_BITS = 0x07;
const START_BIT = 0x80;
const END_BIT = 0x40;

const headerOf = (nal: Buffer): number => (nal[0]! << 8) | nal[1]!;

const FORMAT: NalPayloadFormat = {
  nalHeaderBytes: 2,
  fragmentHeaderBytes: 3,
  aggregationHeaderBytes: 2,
  // F is set where any unit's is, LayerId and TID are the lowest of all (RFC 7798, 4.4.2).
  writeAggregationHeader(writer, nals, from, to) {
    let forbidden = 0;
    let layer = LAYER_BITS;
    let temporal = TEMPORAL_BITS;
    for (let i = from; i < to; i++) {
      const header = headerOf(nals[i]!);
      forbidden |= header & FORBIDDEN_BIT;
      layer = Math.min(layer, (header >> LAYER_SHIFT) & LAYER_BITS);
      temporal = Math.min(temporal, header & TEMPORAL_BITS);
    }
    writer.uint16(forbidden | (AP << TYPE_SHIFT) | (layer << LAYER_SHIFT) | temporal);
  },
  writeFragmentHeader(writer, nal, first, last) {
    const header = headerOf(nal);
    writer.uint16((header & ~(TYPE_BITS << TYPE_SHIFT)) | (FU << TYPE_SHIFT));
    writer.byte((first ? START_BIT : 0) | (last ? END_BIT : 0) | ((header >> TYPE_SHIFT) & TYPE_BITS));
  },
};

/**
 * H.265 into RTP, RFC 7798 without decoding order numbers (`sprop-max-don-diff=0`): single NAL unit packets, AP and FU.
 * @param maxPayloadBytes bytes of payload in a packet, at least 4
 */
export const h265Packetizer = (maxPayloadBytes = DEFAULT_MAX_PAYLOAD_BYTES): Packetizer =>
  nalPacketizer(FORMAT, maxPayloadBytes);
