import { describe, expect, it } from 'vitest';
import { type ReceivedPicture, TrackReceiver } from './client-receiver.js';
import type { SelectedVideo } from './client-track.js';
import { NO_REORDERING, type ReorderLimits, UDP_REORDERING } from './payload/reorder.js';
import { formatRtcp, parseRtcp } from './wire/rtcp.js';
import { formatRtp } from './wire/rtp.js';

const VIDEO: SelectedVideo = {
  track: { codec: 'h264', parameterSets: [], offeredAudio: false, clockRate: 1000 },
  payloadType: 96,
  controlUrl: 'rtsp://camera/v',
  dimensions: null,
  feedback: 'pli',
  isAvpf: false,
};

const MS = 1_000_000n;

const receive = (limits: ReorderLimits = NO_REORDERING) => {
  const pictures: ReceivedPicture[] = [];
  const receiver = new TrackReceiver(VIDEO, limits, (picture) => pictures.push(picture));
  const push = (
    sequenceNumber: number,
    timestamp: number,
    { atMs = 0, ssrc = 7, payloadType = 96, marker = true, payload = [0x41, 1] } = {},
  ): void => {
    const header = { payloadType, marker, sequenceNumber, timestamp, ssrc };
    receiver.rtp(formatRtp(header, Buffer.from(payload)), BigInt(atMs) * MS);
  };
  return { receiver, pictures, push };
};

describe('the receiver of a track', () => {
  it('gives pictures with the time of their last packet and in ticks of 90 kHz', () => {
    const { pictures, push } = receive();
    push(1, 0xffffffff, { atMs: 5, marker: false });
    push(2, 0xffffffff, { atMs: 7 });
    push(3, 39, { atMs: 47 });
    expect(pictures.map(({ pts90k, receivedAt }) => [pts90k, receivedAt])).toEqual([
      [0, 7n * MS],
      [40 * 90, 47n * MS],
    ]);
  });

  it('leaves out and counts what is no RTP of this track', () => {
    const { receiver, pictures, push } = receive();
    push(1, 0, { payloadType: 97 });
    receiver.rtp(Buffer.from('nonsense'), 0n);
    expect(pictures).toEqual([]);
    expect(receiver.counters).toMatchObject({ foreign: 2, packets: 0 });
  });

  it('gives up a missing packet when it is told the time', () => {
    const { receiver, pictures, push } = receive(UDP_REORDERING);
    push(1, 0);
    push(3, 40, { atMs: 40 });
    expect(receiver.isWaiting).toBe(true);
    receiver.tick(BigInt(40 + UDP_REORDERING.maxMs) * MS);
    expect(pictures.map(({ corrupt }) => corrupt)).toEqual([false, true]);
    expect(receiver.isWaiting).toBe(false);
  });

  it('goes on with a source that began anew under another name', () => {
    const { pictures, push, receiver } = receive(UDP_REORDERING);
    push(1, 0);
    push(3, 80, { atMs: 1 });
    push(60_000, 5, { ssrc: 8 });
    push(60_001, 6, { ssrc: 8 });
    expect(pictures.map(({ corrupt, rtpTimestamp }) => [rtpTimestamp, corrupt])).toEqual([
      [0, false],
      [80, true],
      [5, true],
      [6, false],
    ]);
    expect(receiver.counters.foreign).toBe(0);
  });

  it('hears the goodbye of its own source only', () => {
    const { receiver, push } = receive();
    const goodbye = (ssrc: number) => formatRtcp([{ type: 'goodbye', sources: [ssrc] }]);
    expect(receiver.rtcp(goodbye(7), 0n)).toBe(false);
    push(1, 0);
    expect(receiver.rtcp(goodbye(8), 0n)).toBe(false);
    expect(receiver.rtcp(Buffer.from('garbage!'), 0n)).toBe(false);
    expect(receiver.rtcp(goodbye(7), 0n)).toBe(true);
  });

  it('asks for a keyframe after a loss, in a report', () => {
    const { receiver, push } = receive();
    push(1, 0, { payload: [0x65, 1] });
    expect(receiver.keyframeRequest(0n)).toBeNull();
    push(3, 80);
    expect(parseRtcp(receiver.keyframeRequest(0n)!)).toMatchObject([
      { type: 'receiver-report' },
      { type: 'source-description' },
      { type: 'picture-loss', source: 7 },
    ]);
  });

  it('has nothing to report before the first packet', () => {
    const { receiver, push } = receive();
    expect(receiver.report(0n)).toBeNull();
    push(1, 0);
    expect(receiver.report(0n)).toBeInstanceOf(Buffer);
  });
});
