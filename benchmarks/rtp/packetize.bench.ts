/**
 * What one picture costs on its way through the RTSP server, before any socket: cutting it into RTP packets (once for all clients), and
 * putting received packets together again. 20 kB is an average picture of a 4 Mb/s stream, 150 kB one of its keyframes.
 *
 *     npx tsx benchmarks/rtp/packetize.bench.ts
 */
import { Bench } from 'tinybench';
import { splitAnnexB } from '../../src/rtsp/payload/annexb.js';
import { H264Depacketizer } from '../../src/rtsp/payload/h264-depacketizer.js';
import { h264Packetizer } from '../../src/rtsp/payload/h264-packetizer.js';
import { INTERLEAVED_HEADER_BYTES } from '../../src/rtsp/payload/rtp-batch.js';
import { RtspParser } from '../../src/rtsp/wire/parser.js';
import { makeRtpPacket, parseRtp } from '../../src/rtsp/wire/rtp.js';

/** A picture of one slice; bytes of 1 to 255 hold no start code. */
const picture = (bytes: number): Buffer => {
  const slice = Buffer.alloc(bytes).map(() => 1 + Math.floor(Math.random() * 255)) as Buffer;
  slice[0] = 0x41;
  return Buffer.concat([Buffer.from([0, 0, 0, 1]), slice]);
};

const packetize = h264Packetizer();
const header = { payloadType: 96, sequence: 0, timestamp: 0, ssrc: 1 };
const ignore = (): void => undefined;

const bench = new Bench({ time: 500, warmupTime: 200 });
for (const bytes of [20_000, 150_000]) {
  const unit = picture(bytes);
  const framed = packetize(splitAnnexB(unit), header)!.interleaved(0);
  const packet = makeRtpPacket();
  let pictures = 0;
  const depacketizer = new H264Depacketizer(() => pictures++, []);
  const parser = new RtspParser({
    interleaved: (_, payload) => {
      const parsed = parseRtp(payload, packet);
      if (parsed) depacketizer.push(parsed, 0);
    },
  });
  const frames = new RtspParser({ interleaved: ignore });
  bench
    .add(`${bytes / 1000} kB: into packets`, () => void packetize(splitAnnexB(unit), header))
    .add(`${bytes / 1000} kB: frames of ${framed.length - INTERLEAVED_HEADER_BYTES} bytes told apart`, () =>
      frames.push(framed),
    )
    .add(`${bytes / 1000} kB: put together again`, () => parser.push(framed));
}
await bench.run();
console.table(
  bench.tasks.map(({ name, result }) =>
    'latency' in result
      ? { name, 'p50 ms': result.latency.p50.toFixed(4), 'p99 ms': result.latency.p99.toFixed(4) }
      : { name },
  ),
);
