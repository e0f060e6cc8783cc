import type { RtpPacket } from '../wire/rtp.js';
import { forEachNalUnit, H264_NAL, h264NalType, isH264Keyframe, isH264ParameterSet } from './annexb.js';
import { type CodedPicture, type Depacketizer, makeCounters } from './coded-picture.js';
import { NalAssembler, type NalRole, type PayloadReader } from './nal-assembler.js';

/** Packet types of RFC 6184, 5.4. The others (STAP-B, MTAP, FU-B) belong to the interleaved mode, which is not spoken. */
const STAP_A = 24;
const FU_A = 28;
const LAST_SINGLE = 23;
const FU_HEADER_BYTES = 2;

/**
 * H.264 over RTP (RFC 6184): single NAL units, STAP-A and FU-A. STAP-B, MTAP and FU-B are counted as malformed and left out.
 *
 * ```ts
 * const depacketizer = new H264Depacketizer((picture) => decode(picture.data), [sps, pps]);
 * depacketizer.push(packet, 0);
 * ```
 */
export class H264Depacketizer implements Depacketizer {
  readonly counters = makeCounters();
  private readonly assembler: NalAssembler;

  /** @param parameterSets SPS and PPS of the SDP's `sprop-parameter-sets`, without start codes. */
  constructor(onPicture: (picture: CodedPicture) => void, parameterSets: readonly Buffer[] = []) {
    this.assembler = new NalAssembler(onPicture, this.counters, parameterSets);
  }

  push(packet: RtpPacket, lost: number): void {
    this.assembler.packet(packet, lost, this.payload);
  }

  /** Whether everything of the payload could be read. */
  private readonly payload: PayloadReader = (bytes, start, end) => {
    const type = h264NalType(bytes[start]!);
    if (type >= 1 && type <= LAST_SINGLE) return this.unit(bytes, start, end);
    if (type === FU_A) return this.fragment(bytes, start, end);
    if (type === STAP_A) return this.aggregate(bytes, start + 1, end);
    return bytes[start] === 0 && this.byteStream(bytes.subarray(start, end));
  };

  private unit(bytes: Buffer, start: number, end: number): true {
    this.assembler.unit(bytes, start, end, role(bytes, start, end));
    return true;
  }

  /** RFC 6184, 5.7.1: 16-bit sizes, each before its unit. */
  private aggregate(bytes: Buffer, start: number, end: number): boolean {
    for (let at = start; at < end; ) {
      if (end - at < 2) return false;
      const size = bytes.readUInt16BE(at);
      at += 2;
      if (size > end - at) return false;
      if (size > 0) this.unit(bytes, at, at + size);
      at += size;
    }
    return true;
  }

  /** RFC 6184, 5.8: the unit's header is spread over the indicator's first three bits and the FU header's last five. */
  private fragment(bytes: Buffer, start: number, end: number): boolean {
    if (end - start < FU_HEADER_BYTES) return false;
    const fuHeader = bytes[start + 1]!;
    if (fuHeader & 0x80) {
      const header = (bytes[start]! & 0xe0) | (fuHeader & 0x1f);
      this.assembler.beginFragments(header, null, roleOfType(h264NalType(header)));
    }
    return this.assembler.fragment(bytes, start + FU_HEADER_BYTES, end, (fuHeader & 0x40) !== 0);
  }

  /** Not in the RFC: cameras that put Annex B, start codes and all, into single packets. */
  private byteStream(payload: Buffer): boolean {
    let found = false;
    forEachNalUnit(payload, (start, end) => {
      found = this.unit(payload, start, end);
    });
    return found;
  }
}

const role = (bytes: Buffer, start: number, end: number): NalRole => {
  const type = h264NalType(bytes[start]!);
  if (type === H264_NAL.sei) return isCleanRecoveryPoint(bytes, start + 1, end) ? 'recovery-point' : 'other';
  return roleOfType(type);
};

const roleOfType = (type: number): NalRole => {
  if (isH264Keyframe(type)) return 'keyframe-slice';
  if (type >= H264_NAL.slice && type < H264_NAL.idr) return 'slice';
  return isH264ParameterSet(type) ? 'parameter-set' : 'other';
};

/** SEI payload type of a recovery point (H.264, D.2.8). */
const SEI_RECOVERY_POINT = 6;

/**
 * Whether an SEI unit holds a recovery point with `recovery_frame_cnt` 0: the picture is intra and as good as an IDR (open GOP). Looks
 * at the first message only, where encoders put it.
 */
const isCleanRecoveryPoint = (bytes: Buffer, start: number, end: number): boolean =>
  end - start >= 3 && bytes[start] === SEI_RECOVERY_POINT && (bytes[start + 2]! & 0x80) !== 0;
