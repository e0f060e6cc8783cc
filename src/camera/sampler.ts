/**
 * A process of its own that decodes a source and hands over a small picture now and then: hostile bytes can take nothing else down.
 * One order, then it ends.
 */
import { AV_PIX_FMT_RGB24 } from 'node-av/constants';
import type { Frame } from 'node-av/lib';
import { VeilgateError } from '../errors.js';
import { CLOCK_HZ } from '../rtsp/published-stream.js';
import { clipFrames } from './clip.js';
import { Decoder } from './decode/decoder.js';
import { Orienter } from './decode/orienter.js';
import { Shrinker } from './decode/shrinker.js';
import { quietEngineLog } from './engine-log.js';
import { describeFile } from './ingest/describe-file.js';
import { openSource } from './ingest/open-source.js';
import type { Source } from './ingest/source.js';
import type { FromSampler, SampleOrder, ToSampler } from './sampler-messages.js';

/** A live source that gives no picture for so long, ms, has none: cameras send a keyframe every few seconds. */
const LIVE_TIMEOUT_MS = 10_000;

let goOn = (): void => undefined;

const send = (message: FromSampler): Promise<void> => new Promise((done) => process.send!(message, () => done()));

process.on('SIGUSR1', () => undefined);
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.on('message', (message) => {
  const heard = message as ToSampler;
  if (heard.type === 'next') goOn();
  else void sample(heard.order);
});

async function sample(order: SampleOrder): Promise<void> {
  quietEngineLog();
  try {
    await (order.live ? sampleLive(order) : sampleFile(order));
    await send({ type: 'end' });
  } catch (error) {
    const code = error instanceof VeilgateError ? error.code : 'sampler-broke';
    await send({ type: 'failed', code, message: error instanceof Error ? error.message : String(error) });
  }
  // A native call that is still blocked would keep `exit` from returning.
  process.kill(process.pid, 'SIGKILL');
}

/** Evenly over its length where that is known. */
async function sampleFile({ source, everyMs, most, side }: SampleOrder): Promise<void> {
  const { durationMs } = await describeFile(source.url);
  const every = Math.max(everyMs, (durationMs ?? 0) / most) / 1000;
  using shrinker = new Shrinker(AV_PIX_FMT_RGB24);
  let given = 0;
  let first: number | null = null;
  for await (const { at, frame } of clipFrames(source.url)) {
    first ??= at;
    // Half a millisecond: times are fractions, and sums of them less than they should be.
    if (at - first + 5e-4 < given * every) continue;
    await give(shrinker, frame, side, at - first);
    if (++given >= most) return;
  }
}

async function sampleLive(order: SampleOrder): Promise<void> {
  using orienter = new Orienter();
  using shrinker = new Shrinker(AV_PIX_FMT_RGB24);
  let decoder: Decoder | null = null;
  let begun = false;
  let given = 0;
  let first: number | null = null;
  let source: Source | null = null;
  let pending: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      const tooLate = (): void =>
        reject(new VeilgateError('no-picture', `no picture came within ${LIVE_TIMEOUT_MS / 1000} s`));
      const see = (raw: Frame, pts: number): void => {
        first ??= pts;
        const at = (pts - first) / CLOCK_HZ;
        if (at + 5e-4 < (given * order.everyMs) / 1000) return;
        given++;
        clearTimeout(timer);
        timer = setTimeout(tooLate, LIVE_TIMEOUT_MS + order.everyMs);
        const isLast = given >= order.most;
        pending = give(shrinker, orienter.upright(raw), order.side, at);
        if (isLast) pending.then(resolve, reject);
      };
      const attempt = (step: () => void): void => {
        if (given >= order.most) return;
        try {
          step();
        } catch (error) {
          reject(error);
        }
      };
      timer = setTimeout(tooLate, LIVE_TIMEOUT_MS);
      source = openSource(order.source, {
        track: (track) =>
          attempt(() => {
            decoder?.[Symbol.dispose]();
            decoder = track.decoder && new Decoder(track.decoder);
            begun = false;
          }),
        picture: (picture) =>
          attempt(() => {
            begun ||= picture.keyframe;
            if (begun) decoder?.decode(picture, see);
          }),
        frame: (frame, pts) => attempt(() => see(frame, pts)),
        end: (error) => (error && given === 0 ? reject(error) : resolve()),
      });
      source.start();
    });
    await pending;
  } finally {
    clearTimeout(timer);
    await (source as Source | null)?.close();
    (decoder as Decoder | null)?.[Symbol.dispose]();
  }
}

/** Resolves when the picture has been looked at. */
async function give(shrinker: Shrinker, frame: Frame, side: number, at: number): Promise<void> {
  const scale = Math.min(1, side / Math.max(frame.width, frame.height));
  const width = Math.max(1, Math.round(frame.width * scale));
  const height = Math.max(1, Math.round(frame.height * scale));
  const small = shrinker.shrink(frame, width, height);
  const [pixels, stride] = [small.data![0]!, small.linesize[0]!];
  const data = new Uint8Array(width * height * 3);
  for (let row = 0; row < height; row++)
    data.set(pixels.subarray(row * stride, row * stride + width * 3), row * width * 3);
  const done = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  await send({ type: 'picture', at, width, height, data });
  await done;
}
