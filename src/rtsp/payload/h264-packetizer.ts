import { DEFAULT_MAX_PAYLOAD_BYTES, type NalPayloadFormat, nalPacketizer, type Packetizer } from './nal-packetizer.js';

/** Aggregation packet (RFC 6184, 5.7.1). */
const STAP_A = 24;
/** Fragmentation unit (RFC 6184, 5.8). */
const FU_A = 28;

const FORBIDDEN_BIT = 0x80;
const REF_IDC_BITS = 0x60;
const TYPE_BITS = 0x1f;
const START_BIT = 0x80;
const END_BIT = 0x40;

const FORMAT: NalPayloadFormat = {
  nalHeaderBytes: 1,
  fragmentHeaderBytes: 2,
  aggregationHeaderBytes: 1,
  // F is set where any unit's is, NRI is the highest of all (RFC 6184, 5.7).
  writeAggregationHeader(writer, nals, from, to) {
    let forbidden = 0;
    let refIdc = 0;
    for (let i = from; i < to; i++) {
      forbidden |= nals[i]![0]! & FORBIDDEN_BIT;
      refIdc = Math.max(refIdc, nals[i]![0]! & REF_IDC_BITS);
    }
    writer.byte(forbidden | refIdc | STAP_A);
  },
  writeFragmentHeader(writer, nal, first, last) {
    writer.byte((nal[0]! & (FORBIDDEN_BIT | REF_IDC_BITS)) | FU_A);
    writer.byte((first ? START_BIT : 0) | (last ? END_BIT : 0) | (nal[0]! & TYPE_BITS));
  },
};

/**
 * H.264 into RTP, RFC 6184, packetization-mode 1 (non-interleaved): single NAL unit packets, STAP-A and FU-A.
 * @param maxPayloadBytes bytes of payload in a packet, at least 3
 */
export const h264Packetizer = (maxPayloadBytes = DEFAULT_MAX_PAYLOAD_BYTES): Packetizer =>
  nalPacketizer(FORMAT, maxPayloadBytes);
