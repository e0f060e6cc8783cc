import { describe, expect, it } from 'vitest';
import type { AccessUnit } from './published-stream.js';
import { RtpTrack } from './rtp-track.js';
import { parseRtcp, type SenderReport, unixMsOfNtp } from './wire/rtcp.js';

const accessUnit = (timestamp: number, bytes = 5000): AccessUnit => ({
  data: Buffer.concat([Buffer.from([0, 0, 0, 1, 0x65]), Buffer.alloc(bytes, 0x55)]),
  keyframe: true,
  timestamp,
});

/** A track whose clock stands where it is put, and whose random numbers are the highest ones. */
const trackAt = (clock: { ms: number }) => new RtpTrack('h264', { now: () => clock.ms, random: (below) => below - 1 });

describe('an RTP track', () => {
  it('makes the packets of a unit once, whoever asks and however late', () => {
    const track = new RtpTrack('h264');
    const [first, second] = [accessUnit(0), accessUnit(3600)];
    const batch = track.batch(first);
    expect(track.batch(second)).not.toBe(batch);
    expect(track.batch(first)).toBe(batch);
  });

  it('numbers units without gaps for a receiver that joins late, also where nobody received in between', () => {
    const track = trackAt({ ms: 0 });
    const units = Array.from({ length: 6 }, (_, i) => accessUnit(i * 3600));
    const early = units.slice(0, 3).map((unit) => track.batch(unit)!);
    // Nobody receives units 3 and 4; then one joins whose replay begins with unit 1.
    const late = units.slice(1).map((unit) => track.batch(unit)!);
    expect(late[0]).toBe(early[1]);
    for (let i = 1; i < late.length; i++) {
      const { header, packets } = late[i - 1]!;
      expect(late[i]!.header.sequence).toBe((header.sequence + packets) % 0x1_0000);
    }
  });

  it('wraps the timestamp at 32 bits and begins it at random', () => {
    const track = trackAt({ ms: 0 });
    expect(track.batch(accessUnit(0))!.header.timestamp).toBe(0xffffffff);
    expect(track.batch(accessUnit(3600))!.header.timestamp).toBe(3599);
    expect(track.batch(accessUnit(0x1_0000_0000 + 7200))!.header.timestamp).toBe(7199);
  });

  it('reports what was sent and how its clock maps to the wall clock', () => {
    const clock = { ms: 1_700_000_000_000 };
    const track = trackAt(clock);
    expect(track.senderReport()).toBeNull();
    const batch = track.batch(accessUnit(9000))!;
    clock.ms += 500;
    const [report, description] = parseRtcp(track.senderReport()!)!;
    expect(report).toMatchObject({
      type: 'sender-report',
      ssrc: track.ssrc,
      rtpTimestamp: batch.header.timestamp + 45_000,
      packetCount: batch.packets,
      octetCount: batch.payloadBytes,
    });
    expect(Math.round(unixMsOfNtp((report as SenderReport).ntpTime))).toBe(clock.ms);
    expect(description).toMatchObject({ type: 'source-description' });
  });

  it('never steps a report back where the wall clock does', () => {
    const clock = { ms: 1_700_000_000_000 };
    const track = trackAt(clock);
    const batch = track.batch(accessUnit(9000))!;
    clock.ms -= 60_000;
    expect(parseRtcp(track.senderReport()!)![0]).toMatchObject({ rtpTimestamp: batch.header.timestamp });
  });

  it('says goodbye for its source', () => {
    const track = new RtpTrack('h265');
    expect(parseRtcp(track.goodbye())!.at(-1)).toEqual({ type: 'goodbye', sources: [track.ssrc] });
  });
});
