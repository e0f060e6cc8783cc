import { formatRtcp, type RtcpPacket, type SenderReport } from './wire/rtcp.js';
import { sequenceDistance } from './wire/rtp.js';

/** Units of a report's delay, a second. */
const DLSR_UNITS_PER_MS = 65.536;
const NAME = 'veilgate';

/**
 * What one source's packets tell about the way they took, and the receiver report (RFC 3550, 6.4.2) that tells the sender. The
 * formulas are those of appendices A.3 (loss) and A.8 (jitter).
 */
export class ReceptionStatistics {
  private received = 0;
  private firstSequence = -1;
  /** With its cycles; beyond 16 bits. */
  private highestSequence = 0;
  private previousTransit = Number.NaN;
  private jitter = 0;
  private expectedBefore = 0;
  private receivedBefore = 0;
  private lastSenderReport = 0;
  private senderReportMs = 0;

  /**
   * @param ssrc u32, of the source.
   * @param clockRate of its timestamps.
   */
  constructor(
    readonly ssrc: number,
    private readonly clockRate: number,
  ) {}

  /** Counts a packet; `nowMs` of any steady clock. */
  packet(sequence: number, timestamp: number, nowMs: number): void {
    this.received++;
    if (this.firstSequence < 0) this.firstSequence = this.highestSequence = sequence;
    const ahead = sequenceDistance(this.highestSequence & 0xffff, sequence);
    if (ahead > 0) this.highestSequence += ahead;
    const transit = (nowMs * this.clockRate) / 1000 - timestamp;
    if (!Number.isNaN(this.previousTransit)) {
      const difference = Math.abs(transit - this.previousTransit);
      // A wrap or a jump of the timestamps is no jitter.
      if (difference < this.clockRate) this.jitter += (difference - this.jitter) / 16;
    }
    this.previousTransit = transit;
  }

  senderReport(report: SenderReport, nowMs: number): void {
    this.lastSenderReport = Number((report.ntpTime >> 16n) & 0xffffffffn);
    this.senderReportMs = nowMs;
  }

  /** The compound packet to send now: the report, our name, and what is asked for, if anything. */
  report(ownSsrc: number, nowMs: number, request?: RtcpPacket): Buffer {
    const expected = this.highestSequence - this.firstSequence + 1;
    const lost = expected - this.received;
    const expectedNow = expected - this.expectedBefore;
    const lostNow = expectedNow - (this.received - this.receivedBefore);
    this.expectedBefore = expected;
    this.receivedBefore = this.received;
    const since = this.lastSenderReport === 0 ? 0 : (nowMs - this.senderReportMs) * DLSR_UNITS_PER_MS;
    return formatRtcp([
      {
        type: 'receiver-report',
        ssrc: ownSsrc,
        reports: [
          {
            ssrc: this.ssrc,
            fractionLost: expectedNow > 0 && lostNow > 0 ? Math.min(255, Math.floor((256 * lostNow) / expectedNow)) : 0,
            cumulativeLost: Math.max(-0x800000, Math.min(0x7fffff, lost)),
            highestSequence: this.highestSequence >>> 0,
            jitter: Math.floor(this.jitter) >>> 0,
            lastSenderReport: this.lastSenderReport,
            delaySinceLastSenderReport: Math.floor(since) >>> 0,
          },
        ],
      },
      { type: 'source-description', chunks: [{ ssrc: ownSsrc, cname: NAME }] },
      ...(request ? [request] : []),
    ]);
  }
}
