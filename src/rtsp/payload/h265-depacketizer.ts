import type { RtpPacket } from '../wire/rtp.js';
import { H265_NAL, h265NalType, isH265Keyframe, isH265ParameterSet } from './annexb.js';
import { type CodedPicture, type Depacketizer, makeCounters } from './coded-picture.js';
import { NalAssembler, type NalRole, type PayloadReader } from './nal-assembler.js';

/** Packet types of RFC 7798, 4.4. PACI (50) carries extensions that nobody was seen to send. */
const AGGREGATION = 48;
const FRAGMENTATION = 49;
const NAL_HEADER_BYTES = 2;
const FU_HEADER_BYTES = 3;

/**
 * H.265 over RTP (RFC 7798) without decoding order numbers (`sprop-max-don-diff` 0, as all cameras): single NAL units, aggregation
 * packets, fragmentation units. Others are counted as malformed and left out.
 */
export class H265Depacketizer implements Depacketizer {
  readonly counters = makeCounters();
  private readonly assembler: NalAssembler;

  /** @param parameterSets VPS, SPS and PPS of the SDP's `sprop-*`, without start codes. */
  constructor(onPicture: (picture: CodedPicture) => void, parameterSets: readonly Buffer[] = []) {
    this.assembler = new NalAssembler(onPicture, this.counters, parameterSets);
  }

  push(packet: RtpPacket, lost: number): void {
    this.assembler.packet(packet, lost, this.payload);
  }

  /** Whether everything of the payload could be read. */
  private readonly payload: PayloadReader = (bytes, start, end) => {
    if (end - start <= NAL_HEADER_BYTES) return false;
    const type = h265NalType(bytes[start]!);
    if (type === FRAGMENTATION) return this.fragment(bytes, start, end);
    if (type === AGGREGATION) return this.aggregate(bytes, start + NAL_HEADER_BYTES, end);
    if (type > AGGREGATION) return false;
    this.assembler.unit(bytes, start, end, roleOfType(type));
    return true;
  };

  /** RFC 7798, 4.4.2: 16-bit sizes, each before its unit. */
  private aggregate(bytes: Buffer, start: number, end: number): boolean {
    for (let at = start; at < end; ) {
      if (end - at < 2) return false;
      const size = bytes.readUInt16BE(at);
      at += 2;
      if (size > end - at || size <= NAL_HEADER_BYTES) return false;
      this.assembler.unit(bytes, at, at + size, roleOfType(h265NalType(bytes[at]!)));
      at += size;
    }
    return true;
  }

  /** RFC 7798, 4.4.3: the unit's header is the payload header with the FU header's type. */
  private fragment(bytes: Buffer, start: number, end: number): boolean {
    if (end - start < FU_HEADER_BYTES) return false;
    const fuHeader = bytes[start + 2]!;
    if (fuHeader & 0x80) {
      const type = fuHeader & 0x3f;
      this.assembler.beginFragments((bytes[start]! & 0x81) | (type << 1), bytes[start + 1]!, roleOfType(type));
    }
    return this.assembler.fragment(bytes, start + FU_HEADER_BYTES, end, (fuHeader & 0x40) !== 0);
  }
}

const roleOfType = (type: number): NalRole => {
  if (isH265Keyframe(type)) return 'keyframe-slice';
  if (type <= H265_NAL.lastSlice) return 'slice';
  return isH265ParameterSet(type) ? 'parameter-set' : 'other';
};
