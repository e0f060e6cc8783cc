import { describe, expect, it } from 'vitest';
import { ReceptionStatistics } from './client-reception.js';
import { ntpTime, parseRtcp, type ReceiverReport } from './wire/rtcp.js';

const reportOf = (statistics: ReceptionStatistics, nowMs: number) => {
  const [report, description] = parseRtcp(statistics.report(5, nowMs))!;
  expect(report).toMatchObject({ type: 'receiver-report', ssrc: 5 });
  expect(description).toMatchObject({ chunks: [{ ssrc: 5, cname: 'veilgate' }] });
  return (report as ReceiverReport).reports[0]!;
};

describe('a receiver report', () => {
  it('tells what is missing, over the wrap of the numbers and since the last report', () => {
    const statistics = new ReceptionStatistics(7, 90_000);
    for (const sequence of [65_534, 65_535, 1, 2, 3]) statistics.packet(sequence, 0, 0); // 0 is missing
    expect(reportOf(statistics, 0)).toMatchObject({
      ssrc: 7,
      cumulativeLost: 1,
      fractionLost: Math.floor(256 / 6),
      highestSequence: 65_536 + 3,
    });
    for (const sequence of [4, 5]) statistics.packet(sequence, 0, 0);
    expect(reportOf(statistics, 0)).toMatchObject({ cumulativeLost: 1, fractionLost: 0 });
    statistics.packet(9, 0, 0);
    expect(reportOf(statistics, 0)).toMatchObject({ cumulativeLost: 4, fractionLost: Math.floor((256 * 3) / 4) });
  });

  it('counts a packet that comes late as not lost', () => {
    const statistics = new ReceptionStatistics(7, 90_000);
    for (const sequence of [1, 3, 2]) statistics.packet(sequence, 0, 0);
    expect(reportOf(statistics, 0)).toMatchObject({ cumulativeLost: 0, highestSequence: 3 });
  });

  it('measures jitter in ticks as RFC 3550, A.8, and none where packets come evenly', () => {
    const even = new ReceptionStatistics(7, 90_000);
    for (let i = 0; i < 50; i++) even.packet(i, i * 3600, i * 40);
    expect(reportOf(even, 0).jitter).toBe(0);
    const uneven = new ReceptionStatistics(7, 90_000);
    for (let i = 0; i < 500; i++) uneven.packet(i, i * 3600, i * 40 + (i % 2) * 10);
    expect(reportOf(uneven, 0).jitter).toBeGreaterThan(890); // 10 ms are 900 ticks
    expect(reportOf(uneven, 0).jitter).toBeLessThanOrEqual(900);
  });

  it('takes a wrap of the timestamps for no jitter', () => {
    const statistics = new ReceptionStatistics(7, 90_000);
    statistics.packet(1, 0xfffffff0, 0);
    statistics.packet(2, 0, 0);
    expect(reportOf(statistics, 0).jitter).toBe(0);
  });

  it('refers to the last sender report', () => {
    const statistics = new ReceptionStatistics(7, 90_000);
    statistics.packet(1, 0, 0);
    expect(reportOf(statistics, 0)).toMatchObject({ lastSenderReport: 0, delaySinceLastSenderReport: 0 });
    const time = ntpTime(1_700_000_000_000);
    const counts = { rtpTimestamp: 0, packetCount: 1, octetCount: 1, reports: [] };
    statistics.senderReport({ type: 'sender-report', ssrc: 7, ntpTime: time, ...counts }, 1000);
    expect(reportOf(statistics, 3000)).toMatchObject({
      lastSenderReport: Number((time >> 16n) & 0xffffffffn),
      delaySinceLastSenderReport: 2 * 65_536,
    });
  });
});
