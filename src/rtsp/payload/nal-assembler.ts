import type { RtpPacket } from '../wire/rtp.js';
import { joinAnnexB, START_CODE } from './annexb.js';
import type { CodedPicture, DepacketizerCounters } from './coded-picture.js';
import { PictureBuffer } from './picture-buffer.js';

/** What a NAL unit is to the picture it belongs to. */
export type NalRole = 'slice' | 'keyframe-slice' | 'parameter-set' | 'recovery-point' | 'other';

/** Gives the units of a payload, `bytes[start, end)`, to the assembler; whether all of it could be read. */
export type PayloadReader = (bytes: Buffer, start: number, end: number) => boolean;

/**
 * Puts NAL units and their fragments together to access units, for H.264 and H.265 alike.
 *
 * A picture ends on the RTP marker, at once: waiting for the next picture would cost a frame of latency. Cameras that set no
 * markers are ended by the next timestamp; markers on packets that hold no slice (some set them on parameter sets) end nothing.
 */
export class NalAssembler {
  private readonly picture = new PictureBuffer();
  private readonly outOfBand: Buffer | null;
  private timestamp = 0;
  /** Anything was gathered, or lost, since the last picture. */
  private open = false;
  private hasSlice = false;
  private keyframe = false;
  private hasParameterSets = false;
  /** Parameter sets ever came with the stream: then those of the SDP may be outdated. */
  private inBand = false;
  private corrupt = false;
  private fragmentOpen = false;

  /**
   * @param parameterSets from the SDP, without start codes: put before keyframes as long as the stream carries none itself.
   */
  constructor(
    private readonly onPicture: (picture: CodedPicture) => void,
    private readonly counters: DepacketizerCounters,
    parameterSets: readonly Buffer[],
  ) {
    this.outOfBand = parameterSets.length > 0 ? joinAnnexB(parameterSets) : null;
  }

  /**
   * Takes a packet in: `read` gives its units (`unit`, `beginFragments`, `fragment`) and says whether all of the payload could be
   * read. @param lost packets before it
   */
  packet({ bytes, payloadStart, payloadEnd, timestamp, marker }: RtpPacket, lost: number, read: PayloadReader): void {
    this.beginPacket(timestamp, lost);
    // An empty packet is how some keep a path alive; its marker still counts.
    if (payloadEnd > payloadStart && !read(bytes, payloadStart, payloadEnd)) this.malformed();
    if (marker && this.hasSlice) this.endPicture();
  }

  private beginPacket(timestamp: number, lost: number): void {
    this.counters.packets++;
    if (lost > 0) {
      this.counters.lost += lost;
      this.damage();
    }
    if (this.open && timestamp !== this.timestamp) {
      this.fragmentOpen = false;
      if (this.hasSlice) this.endPicture();
      // Units before any slice (parameter sets with a timestamp of their own) belong to the picture that follows.
      if (lost > 0) this.corrupt = true;
    }
    this.open = true;
    this.timestamp = timestamp;
  }

  /** A whole NAL unit, `bytes[start, end)`. */
  unit(bytes: Buffer, start: number, end: number, role: NalRole): void {
    this.fragmentOpen = false;
    this.note(role);
    this.picture.append(START_CODE, 0, START_CODE.length);
    this.picture.append(bytes, start, end);
  }

  /** The first fragment of a NAL unit; its header (one byte, or two) was rebuilt by the caller. */
  beginFragments(header: number, secondHeader: number | null, role: NalRole): void {
    this.note(role);
    this.picture.append(START_CODE, 0, START_CODE.length);
    this.picture.appendByte(header);
    if (secondHeader !== null) this.picture.appendByte(secondHeader);
    this.fragmentOpen = true;
  }

  /** More of it. False without a first fragment (it was lost): the bytes are of no use. */
  fragment(bytes: Buffer, start: number, end: number, last: boolean): boolean {
    if (!this.fragmentOpen) return false;
    this.picture.append(bytes, start, end);
    if (last) this.fragmentOpen = false;
    return true;
  }

  /** Something of the packet was left out. */
  private malformed(): void {
    this.counters.malformed++;
    this.damage();
  }

  /** The rest of a fragmented unit is of no use behind a gap. */
  private damage(): void {
    this.corrupt = true;
    this.fragmentOpen = false;
  }

  private note(role: NalRole): void {
    if (role === 'slice' || role === 'keyframe-slice') this.hasSlice = true;
    if (role === 'keyframe-slice' || role === 'recovery-point') this.keyframe = true;
    if (role === 'parameter-set') this.hasParameterSets = this.inBand = true;
  }

  private endPicture(): void {
    if (this.picture.overflowed) {
      this.counters.malformed++;
      this.corrupt = true;
    }
    const prefix = this.keyframe && !this.hasParameterSets && !this.inBand ? this.outOfBand : null;
    const units = this.picture.take();
    const picture: CodedPicture = {
      data: prefix ? Buffer.concat([prefix, units]) : units,
      keyframe: this.keyframe,
      rtpTimestamp: this.timestamp,
      corrupt: this.corrupt || this.fragmentOpen,
    };
    this.open = this.hasSlice = this.keyframe = this.hasParameterSets = this.corrupt = this.fragmentOpen = false;
    this.counters.pictures++;
    if (picture.corrupt) this.counters.corruptPictures++;
    this.onPicture(picture);
  }
}
