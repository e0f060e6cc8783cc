/** Packet types of RFC 3550, 12.1. */
const SENDER_REPORT = 200;
const RECEIVER_REPORT = 201;
const SOURCE_DESCRIPTION = 202;
const GOODBYE = 203;
/** Payload-specific feedback (RFC 4585, 6.1), and its messages. */
const FEEDBACK = 206;
const PICTURE_LOSS = 1;
const FULL_INTRA_REQUEST = 4;
/** SDES item of the canonical name. */
const CNAME = 1;
/** The 5-bit counts of reports, chunks and sources. */
const MAX_COUNT = 31;
const REPORT_BLOCK_BYTES = 24;
/** Seconds from 1900 (NTP) to 1970 (Unix). */
const NTP_UNIX_OFFSET_S = 2_208_988_800;

/** One reception report (RFC 3550, 6.4.1). */
export interface ReportBlock {
  readonly ssrc: number;
  /** Share lost since the last report, in 1/256; u8. */
  readonly fractionLost: number;
  /** Lost in all, signed 24 bit. */
  readonly cumulativeLost: number;
  /** Highest sequence number, with its cycles in the upper 16 bits; u32. */
  readonly highestSequence: number;
  /** In ticks of the payload's clock; u32. */
  readonly jitter: number;
  /** The middle 32 bits of the last sender report's NTP time; 0 where there was none. */
  readonly lastSenderReport: number;
  /** Since then, in 1/65536 s; 0 where there was none. */
  readonly delaySinceLastSenderReport: number;
}

export interface SenderReport {
  readonly type: 'sender-report';
  readonly ssrc: number;
  /** 64 bits: seconds since 1900 in the upper half, the fraction in the lower. */
  readonly ntpTime: bigint;
  /** The same moment on the RTP clock; u32. */
  readonly rtpTimestamp: number;
  /** u32. */
  readonly packetCount: number;
  /** Payload bytes; u32. */
  readonly octetCount: number;
  readonly reports: readonly ReportBlock[];
}

export interface ReceiverReport {
  readonly type: 'receiver-report';
  readonly ssrc: number;
  readonly reports: readonly ReportBlock[];
}

/** Only canonical names are kept: the other items are about people. */
export interface SourceDescription {
  readonly type: 'source-description';
  readonly chunks: readonly { readonly ssrc: number; readonly cname: string }[];
}

export interface Goodbye {
  readonly type: 'goodbye';
  readonly sources: readonly number[];
}

/** A receiver has lost of a source's picture and asks for a whole one (RFC 4585, 6.3.1). */
export interface PictureLoss {
  readonly type: 'picture-loss';
  readonly ssrc: number;
  readonly source: number;
}

/** A keyframe is asked for (RFC 5104, 4.3.1). */
export interface FullIntraRequest {
  readonly type: 'full-intra-request';
  readonly ssrc: number;
  readonly source: number;
  /** u8; the same in repetitions of a request. */
  readonly sequence: number;
}

export type RtcpPacket = SenderReport | ReceiverReport | SourceDescription | Goodbye | PictureLoss | FullIntraRequest;

/** The 64-bit NTP time of a Unix time in milliseconds. */
export const ntpTime = (unixMs: number): bigint => {
  const seconds = Math.floor(unixMs / 1000);
  const fraction = Math.floor(((unixMs - seconds * 1000) / 1000) * 0x1_0000_0000);
  return (BigInt(seconds + NTP_UNIX_OFFSET_S) << 32n) | BigInt(fraction);
};

/** The Unix time in milliseconds of an NTP time. */
export const unixMsOfNtp = (time: bigint): number =>
  (Number(time >> 32n) - NTP_UNIX_OFFSET_S) * 1000 + (Number(time & 0xffffffffn) / 0x1_0000_0000) * 1000;

/**
 * Reads a compound packet (RFC 3550, 6.1). Packets of other types (APP, other feedback) are left out. Null where a header is no
 * RTCP or a length claims more than there is; never throws. A compound need not begin with a report: cameras vary.
 */
export const parseRtcp = (bytes: Buffer): RtcpPacket[] | null => {
  const packets: RtcpPacket[] = [];
  for (let at = 0; at < bytes.length; ) {
    if (bytes.length - at < 4 || bytes[at]! >> 6 !== 2) return null;
    const length = 4 + 4 * bytes.readUInt16BE(at + 2);
    if (length > bytes.length - at) return null;
    const packet = parseOne(bytes.subarray(at, at + length));
    if (packet === null) return null;
    if (packet !== 'unknown') packets.push(packet);
    at += length;
  }
  return packets;
};

const parseOne = (whole: Buffer): RtcpPacket | 'unknown' | null => {
  const count = whole[0]! & 0x1f;
  const padding = whole[0]! & 0x20 ? whole[whole.length - 1]! : 0;
  if (padding > whole.length - 4) return null;
  const packet = whole.subarray(0, whole.length - padding);
  switch (whole[1]) {
    case SENDER_REPORT:
      return parseSenderReport(packet, count);
    case RECEIVER_REPORT:
      if (packet.length < 8 + count * REPORT_BLOCK_BYTES) return null;
      return { type: 'receiver-report', ssrc: packet.readUInt32BE(4), reports: parseReports(packet, 8, count) };
    case SOURCE_DESCRIPTION:
      return parseSourceDescription(packet, count);
    case GOODBYE: {
      if (packet.length < 4 + 4 * count) return null;
      return { type: 'goodbye', sources: Array.from({ length: count }, (_, i) => packet.readUInt32BE(4 + 4 * i)) };
    }
    case FEEDBACK:
      return parseFeedback(packet, count);
    default:
      return 'unknown';
  }
};

const parseFeedback = (packet: Buffer, format: number): PictureLoss | FullIntraRequest | 'unknown' => {
  if (format === PICTURE_LOSS && packet.length >= 12)
    return { type: 'picture-loss', ssrc: packet.readUInt32BE(4), source: packet.readUInt32BE(8) };
  if (format !== FULL_INTRA_REQUEST || packet.length < 20) return 'unknown';
  const [ssrc, source] = [packet.readUInt32BE(4), packet.readUInt32BE(12)];
  return { type: 'full-intra-request', ssrc, source, sequence: packet[16]! };
};

const parseSenderReport = (packet: Buffer, count: number): SenderReport | null => {
  if (packet.length < 28 + count * REPORT_BLOCK_BYTES) return null;
  return {
    type: 'sender-report',
    ssrc: packet.readUInt32BE(4),
    ntpTime: packet.readBigUInt64BE(8),
    rtpTimestamp: packet.readUInt32BE(16),
    packetCount: packet.readUInt32BE(20),
    octetCount: packet.readUInt32BE(24),
    reports: parseReports(packet, 28, count),
  };
};

const parseReports = (packet: Buffer, start: number, count: number): ReportBlock[] =>
  Array.from({ length: count }, (_, i) => {
    const at = start + i * REPORT_BLOCK_BYTES;
    return {
      ssrc: packet.readUInt32BE(at),
      fractionLost: packet[at + 4]!,
      cumulativeLost: packet.readIntBE(at + 5, 3),
      highestSequence: packet.readUInt32BE(at + 8),
      jitter: packet.readUInt32BE(at + 12),
      lastSenderReport: packet.readUInt32BE(at + 16),
      delaySinceLastSenderReport: packet.readUInt32BE(at + 20),
    };
  });

const parseSourceDescription = (packet: Buffer, count: number): SourceDescription | null => {
  const chunks: { ssrc: number; cname: string }[] = [];
  let at = 4;
  for (let chunk = 0; chunk < count; chunk++) {
    if (at + 4 > packet.length) return null;
    const ssrc = packet.readUInt32BE(at);
    let cname = '';
    at += 4;
    while (at < packet.length && packet[at] !== 0) {
      if (at + 2 > packet.length) return null;
      const end = at + 2 + packet[at + 1]!;
      if (end > packet.length) return null;
      if (packet[at] === CNAME) cname = packet.toString('utf8', at + 2, end);
      at = end;
    }
    at = (at + 4) & ~3; // at least one zero ends the items, then up to the next 32-bit word
    chunks.push({ ssrc, cname });
  }
  return { type: 'source-description', chunks };
};

/**
 * The bytes of a compound packet; it should begin with a report and carry a source description (RFC 3550, 6.1).
 * @throws RangeError where there are more than 31 reports, chunks or sources in one packet, or a name of over 255 bytes.
 */
export const formatRtcp = (packets: readonly RtcpPacket[]): Buffer => Buffer.concat(packets.map(formatOne));

const formatOne = (packet: RtcpPacket): Buffer => {
  switch (packet.type) {
    case 'sender-report': {
      const bytes = start(SENDER_REPORT, packet.reports.length, 28 + packet.reports.length * REPORT_BLOCK_BYTES);
      bytes.writeUInt32BE(packet.ssrc, 4);
      bytes.writeBigUInt64BE(packet.ntpTime, 8);
      bytes.writeUInt32BE(packet.rtpTimestamp, 16);
      bytes.writeUInt32BE(packet.packetCount, 20);
      bytes.writeUInt32BE(packet.octetCount, 24);
      writeReports(bytes, 28, packet.reports);
      return bytes;
    }
    case 'receiver-report': {
      const bytes = start(RECEIVER_REPORT, packet.reports.length, 8 + packet.reports.length * REPORT_BLOCK_BYTES);
      bytes.writeUInt32BE(packet.ssrc, 4);
      writeReports(bytes, 8, packet.reports);
      return bytes;
    }
    case 'source-description': {
      const chunks = packet.chunks.map(formatChunk);
      const bytes = start(SOURCE_DESCRIPTION, chunks.length, 4 + chunks.reduce((sum, chunk) => sum + chunk.length, 0));
      let at = 4;
      for (const chunk of chunks) at += chunk.copy(bytes, at);
      return bytes;
    }
    case 'goodbye': {
      const bytes = start(GOODBYE, packet.sources.length, 4 + 4 * packet.sources.length);
      packet.sources.forEach((source, i) => {
        bytes.writeUInt32BE(source, 4 + 4 * i);
      });
      return bytes;
    }
    case 'picture-loss': {
      const bytes = start(FEEDBACK, PICTURE_LOSS, 12);
      bytes.writeUInt32BE(packet.ssrc, 4);
      bytes.writeUInt32BE(packet.source, 8);
      return bytes;
    }
    case 'full-intra-request': {
      const bytes = start(FEEDBACK, FULL_INTRA_REQUEST, 20);
      bytes.writeUInt32BE(packet.ssrc, 4); // the source is named in the request alone
      bytes.writeUInt32BE(packet.source, 12);
      bytes[16] = packet.sequence;
      return bytes;
    }
  }
};

const start = (type: number, count: number, length: number): Buffer => {
  if (count > MAX_COUNT) throw new RangeError(`an RTCP packet carries at most ${MAX_COUNT} entries, not ${count}`);
  const bytes = Buffer.alloc(length);
  bytes[0] = 0x80 | count;
  bytes[1] = type;
  bytes.writeUInt16BE(length / 4 - 1, 2);
  return bytes;
};

const writeReports = (bytes: Buffer, offset: number, reports: readonly ReportBlock[]): void => {
  reports.forEach((report, i) => {
    const at = offset + i * REPORT_BLOCK_BYTES;
    bytes.writeUInt32BE(report.ssrc, at);
    bytes[at + 4] = report.fractionLost;
    bytes.writeIntBE(report.cumulativeLost, at + 5, 3);
    bytes.writeUInt32BE(report.highestSequence, at + 8);
    bytes.writeUInt32BE(report.jitter, at + 12);
    bytes.writeUInt32BE(report.lastSenderReport, at + 16);
    bytes.writeUInt32BE(report.delaySinceLastSenderReport, at + 20);
  });
};

const formatChunk = (chunk: { readonly ssrc: number; readonly cname: string }): Buffer => {
  const name = Buffer.from(chunk.cname);
  if (name.length > 255) throw new RangeError('an RTCP canonical name has at most 255 bytes');
  const bytes = Buffer.alloc((4 + 2 + name.length + 4) & ~3);
  bytes.writeUInt32BE(chunk.ssrc, 0);
  bytes[4] = CNAME;
  bytes[5] = name.length;
  name.copy(bytes, 6);
  return bytes;
};
