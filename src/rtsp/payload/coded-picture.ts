import type { RtpPacket } from '../wire/rtp.js';

/** One coded picture as it came from a camera: still unmasked, never to leave the camera's process. */
export interface CodedPicture {
  /** H.264 and H.265: Annex B with 4-byte start codes. MJPEG: a JPEG file. Owned by the picture. */
  readonly data: Buffer;
  /** Decoding can start here. */
  readonly keyframe: boolean;
  /** u32, in ticks of the payload's clock. */
  readonly rtpTimestamp: number;
  /** A packet of it, or right before it, was lost or could not be read. */
  readonly corrupt: boolean;
}

/** Takes RTP packets in sequence and gives pictures, synchronously, as soon as their last packet is there. */
export interface Depacketizer {
  /**
   * @param packet read before the call returns; it and its bytes may be reused, its bytes are copied once.
   * @param lost packets missing between the last one and this one.
   */
  push(packet: RtpPacket, lost: number): void;
  readonly counters: DepacketizerCounters;
}

/** What became of the packets. Nothing is dropped without being counted here. */
export interface DepacketizerCounters {
  packets: number;
  /** Missing ones, as told by the caller. */
  lost: number;
  /** Packets, or parts of packets, that were left out: impossible lengths, fragments without a beginning, unknown types. */
  malformed: number;
  pictures: number;
  /** Pictures with a hole: handed on as corrupt or, where not even their beginning was there, left out. */
  corruptPictures: number;
}

export const makeCounters = (): DepacketizerCounters => ({
  packets: 0,
  lost: 0,
  malformed: 0,
  pictures: 0,
  corruptPictures: 0,
});

/** A picture of over 8 MiB is no camera's (a 4K keyframe has 1 to 2), but one that never ends it. */
export const MAX_PICTURE_BYTES = 8 * 1024 * 1024;
