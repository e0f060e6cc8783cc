import type { Bench } from 'tinybench';
import { splitAnnexB } from '../../src/rtsp/payload/annexb.js';
import { H264Depacketizer } from '../../src/rtsp/payload/h264-depacketizer.js';
import { h264Packetizer } from '../../src/rtsp/payload/h264-packetizer.js';
import { RtspParser } from '../../src/rtsp/wire/parser.js';
import { makeRtpPacket, parseRtp } from '../../src/rtsp/wire/rtp.js';

/** A picture of one slice; bytes of 1 to 255 hold no start code. */
const picture = (bytes: number): Buffer => {
  const slice = Buffer.alloc(bytes).map(() => 1 + Math.floor(Math.random() * 255)) as Buffer;
  slice[0] = 0x41;
  return Buffer.concat([Buffer.from([0, 0, 0, 1]), slice]);
};

/**
 * What one picture costs on its way through the RTSP server, before any socket: cutting it into RTP packets (once for all clients), and putting
 * received packets together again. 20 kB is an average picture of a 4 Mb/s stream, 150 kB one of its keyframes.
 */
export function addPackets(bench: Bench): void {
  const packetize = h264Packetizer();
  const header = { payloadType: 96, sequence: 0, timestamp: 0, ssrc: 1 };
  const ignore = (): void => undefined;
  for (const bytes of [20_000, 150_000]) {
    const unit = picture(bytes);
    const framed = packetize(splitAnnexB(unit), header)!.interleaved(0);
    const packet = makeRtpPacket();
    const depacketizer = new H264Depacketizer(ignore, []);
    const parser = new RtspParser({
      interleaved: (_, payload) => {
        const parsed = parseRtp(payload, packet);
        if (parsed) depacketizer.push(parsed, 0);
      },
    });
    const frames = new RtspParser({ interleaved: ignore });
    bench
      .add(`${bytes / 1000} kB: into RTP packets`, () => void packetize(splitAnnexB(unit), header))
      .add(`${bytes / 1000} kB: interleaved frames told apart`, () => frames.push(framed))
      .add(`${bytes / 1000} kB: put together again`, () => parser.push(framed));
  }
}
