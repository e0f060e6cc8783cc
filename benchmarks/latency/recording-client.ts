import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { H264Depacketizer } from '../../src/rtsp/payload/h264-depacketizer.js';
import { parseRtp } from '../../src/rtsp/wire/rtp.js';
import type { Sighting } from '../clients/decoding-client.js';
import { LightClient } from '../clients/light-client.js';
import { monotonicMs } from '../measuring/clock.js';

const run = promisify(execFile);

/** The strip of blocks that a picture's number is painted in, at the size that it is read in: a block is one column of 4 px. */
const STRIP = { width: 64, height: 4 } as const;
const NUMBER_BITS = 12;

/**
 * A client that only notes when each picture's last packet came and keeps the packets: the numbers are read afterwards, so that
 * twelve streams can be looked at without twelve decoders beside what is measured.
 */
export class RecordingClient {
  readonly #times: number[] = [];
  readonly #packets: Buffer[] = [];
  #client: LightClient | null = null;

  static async play(url: string): Promise<RecordingClient> {
    const recording = new RecordingClient();
    recording.#client = await LightClient.play({
      url,
      onPacket: (packet) => recording.#packets.push(Buffer.from(packet)),
      onPicture: () => recording.#times.push(monotonicMs()),
    });
    return recording;
  }

  /** Pictures so far. */
  get pictures(): number {
    return this.#times.length;
  }

  close(): Promise<void> {
    return this.#client!.close();
  }

  /** What was seen, once it is closed. Decodes the whole recording. */
  async sightings(): Promise<Sighting[]> {
    const units: Buffer[] = [];
    const keyframes: boolean[] = [];
    const depacketizer = new H264Depacketizer(({ data, keyframe }) => {
      units.push(Buffer.from(data));
      keyframes.push(keyframe);
    });
    for (const bytes of this.#packets) {
      const packet = parseRtp(bytes);
      if (packet) depacketizer.push(packet, 0);
    }
    if (units.length !== this.#times.length)
      throw new Error(`${units.length} pictures were put together of ${this.#times.length} that came`);
    const first = keyframes.indexOf(true);
    const numbers = await readNumbers(units.slice(first));
    if (numbers.length !== units.length - first)
      throw new Error(`${numbers.length} pictures were decoded of ${units.length - first}`);
    return numbers.map((number, i) => ({ at: this.#times[first + i]!, number }));
  }
}

async function readNumbers(units: readonly Buffer[]): Promise<number[]> {
  const folder = await mkdtemp(join(tmpdir(), 'veilgate-bench-'));
  try {
    const file = join(folder, 'stream.h264');
    await writeFile(file, Buffer.concat(units));
    const strip = `crop=iw*16/40:ih/30:iw/80:ih/45,scale=${STRIP.width}:${STRIP.height}:flags=area,format=gray`;
    const args = [
      '-nostdin',
      '-v',
      'error',
      '-i',
      file,
      '-fps_mode',
      'passthrough',
      '-vf',
      strip,
      '-f',
      'rawvideo',
      '-',
    ];
    const { stdout } = await run('ffmpeg', args, { encoding: 'buffer', maxBuffer: 2 ** 28 });
    const bytes = STRIP.width * STRIP.height;
    return Array.from({ length: stdout.length / bytes }, (_, n) =>
      numberOf(stdout.subarray(n * bytes, (n + 1) * bytes)),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** 16 blocks: 12 bits of the number and its low 4 inverted, as tests/support/canary.ts paints them; -1 where there is none. */
function numberOf(strip: Buffer): number {
  let [number, check] = [0, 0];
  for (let block = 0; block < 16; block++) {
    // The middle of the block, away from its neighbours' edges.
    const middle = 2 * STRIP.width + block * 4;
    const luma = (strip[middle + 1]! + strip[middle + 2]!) / 2;
    if (luma >= 80 && luma <= 175) return -1;
    const bit = luma > 127 ? 1 : 0;
    if (block < NUMBER_BITS) number |= bit << block;
    else check |= (1 - bit) << (block - NUMBER_BITS);
  }
  return (number & 15) === check ? number : -1;
}
