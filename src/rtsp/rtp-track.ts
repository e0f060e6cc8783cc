import { randomInt } from 'node:crypto';
import { splitAnnexB } from './payload/annexb.js';
import { h264Packetizer } from './payload/h264-packetizer.js';
import { h265Packetizer } from './payload/h265-packetizer.js';
import { DEFAULT_MAX_PAYLOAD_BYTES, type Packetizer } from './payload/nal-packetizer.js';
import type { RtpBatch } from './payload/rtp-batch.js';
import { type AccessUnit, CLOCK_HZ, type VideoCodec } from './published-stream.js';
import { formatRtcp, ntpTime, type SourceDescription } from './wire/rtcp.js';

/** The payload type announced in SDP: the first of the dynamic ones (RFC 3551, 3). */
export const PAYLOAD_TYPE = 96;

const TICKS_PER_MS = CLOCK_HZ / 1000;
const UINT16 = 0x1_0000;
const UINT32 = 0x1_0000_0000;

export interface RtpTrackOptions {
  readonly maxPayloadBytes?: number;
  /** Unix time in milliseconds: what sender reports tell receivers. */
  readonly now?: () => number;
  /** A random integer of [0, below): identifiers and first numbers, which RFC 3550, 5.1 wants unpredictable. */
  readonly random?: (below: number) => number;
}

/**
 * One stream as one RTP source: in charge of its SSRC, its sequence numbers, its clock, and of making the packets of each access
 * unit once, whoever asks first. All receivers share them.
 *
 * Numbers are given lazily, in the order in which units are first asked for. That is gapless for every receiver: a receiver gets
 * what {@link PublishedStream.join} hands over, a suffix of all units, and of two such suffixes the later one either begins
 * within the earlier, whose units are numbered, or behind it. So nothing is packetised while nobody receives.
 */
export class RtpTrack {
  readonly ssrc: number;
  private readonly packetize: Packetizer;
  private readonly now: () => number;
  private readonly timestampOffset: number;
  private readonly made = new WeakMap<AccessUnit, RtpBatch>();
  private lastUnit: AccessUnit | null = null;
  private lastBatch: RtpBatch | null = null;
  private nextSequence: number;
  private packets = 0;
  private octets = 0;
  /** The newest moment of which both clocks are known. */
  private reference: { readonly rtp: number; readonly unixMs: number } | null = null;
  private readonly sourceDescription: SourceDescription;

  constructor(
    readonly codec: VideoCodec,
    options: RtpTrackOptions = {},
  ) {
    const { maxPayloadBytes = DEFAULT_MAX_PAYLOAD_BYTES, now = Date.now, random = randomInt } = options;
    this.packetize = codec === 'h264' ? h264Packetizer(maxPayloadBytes) : h265Packetizer(maxPayloadBytes);
    this.now = now;
    this.ssrc = random(UINT32);
    this.nextSequence = random(UINT16);
    this.timestampOffset = random(UINT32);
    // A name that says nothing about the host (RFC 7022, 4.2).
    const cname = random(UINT32).toString(16).padStart(8, '0');
    this.sourceDescription = { type: 'source-description', chunks: [{ ssrc: this.ssrc, cname }] };
  }

  /** The packets of a unit: the same object for everyone who asks. Null where the unit carries nothing. */
  batch(unit: AccessUnit): RtpBatch | null {
    if (unit === this.lastUnit) return this.lastBatch;
    const batch = this.made.get(unit) ?? this.make(unit);
    this.lastUnit = unit;
    this.lastBatch = batch;
    return batch;
  }

  private make(unit: AccessUnit): RtpBatch | null {
    const timestamp = (unit.timestamp + this.timestampOffset) % UINT32;
    const batch = this.packetize(splitAnnexB(unit.data), {
      payloadType: PAYLOAD_TYPE,
      ssrc: this.ssrc,
      timestamp,
      sequence: this.nextSequence,
    });
    if (!batch) return null;
    this.made.set(unit, batch);
    this.nextSequence = (this.nextSequence + batch.packets) % UINT16;
    this.packets += batch.packets;
    this.octets += batch.payloadBytes;
    this.reference = { rtp: timestamp, unixMs: this.now() };
    return batch;
  }

  /** A sender report for this moment (RFC 3550, 6.4.1) with the source's name. Null before the first packet. */
  senderReport(): Buffer | null {
    if (!this.reference) return null;
    const unixMs = this.now();
    const elapsed = Math.max(0, Math.round((unixMs - this.reference.unixMs) * TICKS_PER_MS));
    return formatRtcp([this.report(unixMs, (this.reference.rtp + elapsed) % UINT32), this.sourceDescription]);
  }

  /** Says goodbye (RFC 3550, 6.6); as a compound, which must begin with a report. */
  goodbye(): Buffer {
    return formatRtcp([
      { type: 'receiver-report', ssrc: this.ssrc, reports: [] },
      this.sourceDescription,
      { type: 'goodbye', sources: [this.ssrc] },
    ]);
  }

  private report(unixMs: number, rtpTimestamp: number) {
    return {
      type: 'sender-report',
      ssrc: this.ssrc,
      ntpTime: ntpTime(unixMs),
      rtpTimestamp,
      packetCount: this.packets % UINT32,
      octetCount: this.octets % UINT32,
      reports: [],
    } as const;
  }
}
