/** Bytes of an RTP header without CSRCs and extension (RFC 3550, 5.1). */
export const RTP_HEADER_BYTES = 12;

/**
 * One RTP packet, as a view of its bytes. Meant to be reused: {@link parseRtp} writes into the one it is given, so that a
 * stream of packets costs no object each.
 */
export interface RtpPacket {
  /** 0 to 127. */
  payloadType: number;
  marker: boolean;
  /** u16. */
  sequenceNumber: number;
  /** u32, in ticks of the payload's clock. */
  timestamp: number;
  /** u32. */
  ssrc: number;
  /** The payload is `bytes[payloadStart, payloadEnd)`: without CSRCs, extension and padding. */
  payloadStart: number;
  payloadEnd: number;
  bytes: Buffer;
}

/** A packet to parse into. */
export const makeRtpPacket = (): RtpPacket => ({
  payloadType: 0,
  marker: false,
  sequenceNumber: 0,
  timestamp: 0,
  ssrc: 0,
  payloadStart: 0,
  payloadEnd: 0,
  bytes: Buffer.alloc(0),
});

/**
 * Reads an RTP packet (RFC 3550, 5.1). Null where it is not version 2, is too short, or where its CSRC count, extension or
 * padding claim more than there is. Never reads out of range, never throws.
 */
export const parseRtp = (bytes: Buffer, into: RtpPacket = makeRtpPacket()): RtpPacket | null => {
  if (bytes.length < RTP_HEADER_BYTES) return null;
  const first = bytes[0]!;
  if (first >> 6 !== 2) return null;
  let start = RTP_HEADER_BYTES + 4 * (first & 0x0f);
  let end = bytes.length;
  if (first & 0x10) {
    if (start + 4 > end) return null;
    start += 4 + 4 * bytes.readUInt16BE(start + 2);
  }
  if (start > end) return null;
  if (first & 0x20) {
    // The last byte counts the padding, itself included.
    const padding = end > start ? bytes[end - 1]! : 0;
    if (padding === 0 || padding > end - start) return null;
    end -= padding;
  }
  const second = bytes[1]!;
  into.marker = (second & 0x80) !== 0;
  into.payloadType = second & 0x7f;
  into.sequenceNumber = bytes.readUInt16BE(2);
  into.timestamp = bytes.readUInt32BE(4);
  into.ssrc = bytes.readUInt32BE(8);
  into.payloadStart = start;
  into.payloadEnd = end;
  into.bytes = bytes;
  return into;
};

/** The fields of a header that is written. */
export interface RtpHeader {
  readonly payloadType: number;
  readonly marker: boolean;
  readonly sequenceNumber: number;
  readonly timestamp: number;
  readonly ssrc: number;
}

/** Writes the 12 bytes of a header at `offset`; numbers are taken modulo their width. Returns the offset behind it. */
export const writeRtpHeader = (target: Buffer, offset: number, header: RtpHeader): number => {
  target[offset] = 0x80;
  target[offset + 1] = (header.marker ? 0x80 : 0) | (header.payloadType & 0x7f);
  target.writeUInt16BE(header.sequenceNumber & 0xffff, offset + 2);
  target.writeUInt32BE(header.timestamp >>> 0, offset + 4);
  target.writeUInt32BE(header.ssrc >>> 0, offset + 8);
  return offset + RTP_HEADER_BYTES;
};

/** A whole packet; where many are made, use {@link writeRtpHeader} on a buffer of one's own. */
export const formatRtp = (header: RtpHeader, payload: Buffer): Buffer => {
  const packet = Buffer.allocUnsafe(RTP_HEADER_BYTES + payload.length);
  payload.copy(packet, writeRtpHeader(packet, 0, header));
  return packet;
};

/**
 * How far sequence number `to` is ahead of `from`, in [-32768, 32767]: what RFC 3550, A.1 calls udelta, signed.
 */
export const sequenceDistance = (from: number, to: number): number => ((to - from) << 16) >> 16;
