import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DEFAULT_PADDING_PX } from '../../src/zones/zone.js';
import { PAINTED } from '../../tests/support/canary.js';
import { TestGateway } from '../../tests/support/gateway.js';
import type { SeenPicture } from '../../tests/support/leaks.js';
import { startProcess } from '../../tests/support/process.js';
import { Recorder } from '../../tests/support/recorder.js';
import { lookThrough } from '../../tests/support/viewer.js';
import { isInstalled } from '../measuring/machine.js';
import { startMotion } from '../peers/motion.js';

/** Somebody who is asked to hide the painted area of a camera's picture and to give the rest out. */
export interface Contender {
  readonly id: string;
  readonly name: string;
  /** Whether it can be had here. */
  isHere(): boolean;
  /** Begins to pull the camera. @param folder its own, for what it writes */
  begin(source: string, folder: string): Promise<Masking>;
}

export interface Masking {
  /** Ends it; every picture that got out, in order. */
  end(): Promise<SeenPicture[]>;
}

/** Of the camera's picture, as the clips have it. */
const [WIDTH, HEIGHT] = [640, 360];

/** The painted area and the padding that the gateway gives to zones, on every side, px. */
const PADDING = DEFAULT_PADDING_PX;
const HIDE = {
  left: PAINTED[0]![0] * WIDTH - PADDING,
  top: PAINTED[0]![1] * HEIGHT - PADDING,
  width: (PAINTED[2]![0] - PAINTED[0]![0]) * WIDTH + 2 * PADDING,
  height: (PAINTED[2]![1] - PAINTED[0]![1]) * HEIGHT + 2 * PADDING,
};

const gateway: Contender = {
  id: 'gateway',
  name: 'Veilgate',
  isHere: () => true,
  async begin(source) {
    const zone = {
      id: 'zone',
      kind: 'private',
      polygon: PAINTED,
      action: 'mask',
      style: 'solid',
      padding: PADDING,
    } as const;
    const gateway = await TestGateway.start({ cameras: [{ id: 'cam', source, zones: [zone] }] });
    const recorder = await Recorder.start(gateway.url('cam'));
    return {
      async end() {
        const pictures = await recorder.pictures();
        await recorder[Symbol.asyncDispose]();
        await gateway.close();
        return pictures;
      },
    };
  },
};

/** A program that writes one recording. */
const writing = (
  id: string,
  name: string,
  program: string,
  args: (source: string, output: string) => readonly string[] | Promise<readonly string[]>,
): Contender => ({
  id,
  name,
  isHere: () => isInstalled(program),
  async begin(source, folder) {
    const output = join(folder, `${id}.ts`);
    const process = startProcess(program, await args(source, output));
    return {
      async end() {
        await process.close();
        return lookThrough(output);
      },
    };
  },
});

const share = (px: number, of: 'iw' | 'ih'): string => `${px / (of === 'iw' ? WIDTH : HEIGHT)}*${of}`;

/** By shares of the picture, so that another resolution finds its mask in place. */
const ffmpeg = writing('ffmpeg', 'ffmpeg', 'ffmpeg', (source, output) => [
  ...['-nostdin', '-v', 'error', '-rtsp_transport', 'tcp', '-i', source, '-an', '-vf'],
  `drawbox=x=${share(HIDE.left, 'iw')}:y=${share(HIDE.top, 'ih')}:w=${share(HIDE.width, 'iw')}:h=${share(HIDE.height, 'ih')}:color=black:t=fill`,
  ...['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-flush_packets', '1', '-f', 'mpegts', output],
]);

const gstreamer = writing('gstreamer', 'GStreamer', 'gst-launch-1.0', async (source, output) => {
  const black = `${output}.ppm`;
  await writeFile(black, Buffer.concat([Buffer.from('P6\n2 2\n255\n'), Buffer.alloc(12)]));
  return [
    ...['-q', '-e', 'rtspsrc', `location=${source}`, 'protocols=tcp', 'latency=0', '!', 'rtph264depay'],
    ...['!', 'h264parse', '!', 'avdec_h264', '!', 'videoconvert', '!', 'gdkpixbufoverlay', `location=${black}`],
    ...[`offset-x=${HIDE.left}`, `offset-y=${HIDE.top}`],
    ...[`overlay-width=${HIDE.width}`, `overlay-height=${HIDE.height}`],
    ...['!', 'videoconvert', '!', 'x264enc', 'speed-preset=ultrafast', 'tune=zerolatency', '!', 'h264parse'],
    ...['!', 'mpegtsmux', '!', 'filesink', `location=${output}`],
  ];
});

const motion: Contender = {
  id: 'motion',
  name: 'Motion',
  isHere: () => isInstalled('motion'),
  async begin(source, folder) {
    const settings = { movie_quality: 90, text_left: '', text_right: '' };
    const process = await startMotion(source, { size: [WIDTH, HEIGHT], hidden: HIDE, folder, settings });
    return {
      async end() {
        await process.close();
        const movies = (await readdir(folder)).filter((name) => name.endsWith('.mkv')).sort();
        const seen: SeenPicture[] = [];
        for (const movie of movies) seen.push(...(await lookThrough(join(folder, movie))));
        return seen;
      },
    };
  },
};

export const CONTENDERS: readonly Contender[] = [gateway, ffmpeg, gstreamer, motion];
