import { RtpClock } from './client-clock.js';
import { KeyframeRequests } from './client-keyframes.js';
import { ReceptionStatistics } from './client-reception.js';
import type { SelectedVideo } from './client-track.js';
import type { CodedPicture, Depacketizer, DepacketizerCounters } from './payload/coded-picture.js';
import { H264Depacketizer } from './payload/h264-depacketizer.js';
import { H265Depacketizer } from './payload/h265-depacketizer.js';
import { JpegDepacketizer } from './payload/jpeg-depacketizer.js';
import { ReorderBuffer, type ReorderLimits } from './payload/reorder.js';
import { parseRtcp } from './wire/rtcp.js';
import { makeRtpPacket, parseRtp } from './wire/rtp.js';

/** A picture with its times. */
export interface ReceivedPicture extends CodedPicture {
  /** `process.hrtime.bigint()` at which its last packet was read. */
  readonly receivedAt: bigint;
  /** Presentation time in ticks of 90 kHz, unwrapped; 0 is the first picture. Follows the source's jumps. */
  readonly pts90k: number;
}

/** What came and what did not. */
export interface ReceiverCounters extends DepacketizerCounters {
  /** Packets of another payload type, or no RTP at all. */
  foreign: number;
  /** Packets that came after they had been given up, or twice. */
  late: number;
}

/**
 * From the RTP packets of one video track to pictures: checks, sequence, depacketising, times, and what the sender is to be told. Does
 * no I/O; the time comes in with the packets.
 */
export class TrackReceiver {
  private readonly depacketizer: Depacketizer;
  private readonly clock: RtpClock;
  private readonly packet = makeRtpPacket();
  private readonly ownSsrc = (Math.random() * 0x1_0000_0000) >>> 0;
  private readonly reorder: ReorderBuffer;
  private readonly keyframes: KeyframeRequests | null;
  private statistics: ReceptionStatistics | null = null;
  private receivedAt = 0n;
  private foreign = 0;

  constructor(
    private readonly video: SelectedVideo,
    limits: ReorderLimits,
    onPicture: (picture: ReceivedPicture) => void,
  ) {
    this.clock = new RtpClock(video.track.clockRate);
    this.keyframes = video.feedback && new KeyframeRequests(video.feedback);
    this.depacketizer = makeDepacketizer(video, (picture) => {
      this.keyframes?.picture(picture);
      onPicture({
        data: picture.data,
        keyframe: picture.keyframe,
        rtpTimestamp: picture.rtpTimestamp,
        corrupt: picture.corrupt,
        receivedAt: this.receivedAt,
        pts90k: this.clock.to90k(picture.rtpTimestamp),
      });
    });
    this.reorder = new ReorderBuffer(limits, (bytes, lost) => {
      const packet = parseRtp(bytes, this.packet);
      if (lost > 0) this.keyframes?.lost();
      if (packet) this.depacketizer.push(packet, lost);
    });
  }

  get counters(): ReceiverCounters {
    return { ...this.depacketizer.counters, foreign: this.foreign, late: this.reorder.late };
  }

  /** Packets wait for a missing one: {@link tick} is to be called when they have waited long enough. */
  get isWaiting(): boolean {
    return this.reorder.isWaiting;
  }

  /**
   * One RTP packet.
   * @param bytes must not be written to afterwards.
   * @param receivedAt `process.hrtime.bigint()` when it was read.
   */
  rtp(bytes: Buffer, receivedAt: bigint): void {
    const packet = parseRtp(bytes, this.packet);
    if (!packet || packet.payloadType !== this.video.payloadType) {
      this.foreign++;
      return;
    }
    this.receivedAt = receivedAt;
    const nowMs = toMs(receivedAt);
    const { ssrc, sequenceNumber, timestamp } = packet;
    if (this.statistics?.ssrc !== ssrc) this.beginSource(ssrc);
    this.statistics!.packet(sequenceNumber, timestamp, nowMs);
    this.reorder.push(bytes, sequenceNumber, nowMs);
  }

  /** One RTCP packet. Whether the sender says goodbye in it. */
  rtcp(bytes: Buffer, receivedAt: bigint): boolean {
    for (const packet of parseRtcp(bytes) ?? []) {
      if (packet.type === 'sender-report' && packet.ssrc === this.statistics?.ssrc) {
        this.statistics.senderReport(packet, toMs(receivedAt));
      } else if (packet.type === 'goodbye' && this.statistics && packet.sources.includes(this.statistics.ssrc))
        return true;
    }
    return false;
  }

  /** Gives up what has been waited for too long. */
  tick(now: bigint): void {
    this.reorder.tick(toMs(now));
  }

  /** The receiver report to send now; null before the first packet. */
  report(now: bigint): Buffer | null {
    return this.statistics?.report(this.ownSsrc, toMs(now)) ?? null;
  }

  /** To be sent now, where a keyframe is needed and the source can be asked for it; else null. */
  keyframeRequest(now: bigint): Buffer | null {
    if (!this.statistics) return null;
    const request = this.keyframes?.due(this.ownSsrc, this.statistics.ssrc, toMs(now));
    return request ? this.statistics.report(this.ownSsrc, toMs(now), request) : null;
  }

  /** A new source (the camera's encoder began anew) has a sequence of its own. */
  private beginSource(ssrc: number): void {
    if (this.statistics !== null) this.reorder.beginSource();
    this.statistics = new ReceptionStatistics(ssrc, this.video.track.clockRate);
  }
}

const toMs = (hrtime: bigint): number => Number(hrtime) / 1e6;

const makeDepacketizer = (video: SelectedVideo, onPicture: (picture: CodedPicture) => void): Depacketizer => {
  switch (video.track.codec) {
    case 'h264':
      return new H264Depacketizer(onPicture, video.track.parameterSets);
    case 'h265':
      return new H265Depacketizer(onPicture, video.track.parameterSets);
    case 'mjpeg':
      return new JpegDepacketizer(onPicture, video.dimensions);
  }
};
