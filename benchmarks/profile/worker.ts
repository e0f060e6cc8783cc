/** A camera's pipeline as its worker runs it, profiled. The worker itself lets nobody look into it: it holds raw pictures. */
import type { MaskedPacket, WorkerConfig } from '../../src/camera/messages.js';
import { profileSelf } from './sampled.js';

/** Of what is built, so that what is measured is what is shipped. */
const { CameraPipeline } = (await import(
  new URL('../../dist/camera/pipeline.js', import.meta.url).href
)) as typeof import('../../src/camera/pipeline.js');

export interface ProfileRequest<T> {
  readonly subject: T;
  readonly warmUp: number;
  readonly seconds: number;
  readonly path: string;
}

const ignore = (): void => undefined;

process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.once('message', async (message) => {
  const { subject, warmUp, seconds, path } = message as ProfileRequest<WorkerConfig>;
  const pipeline = new CameraPipeline(subject, {
    packet: (packet: MaskedPacket) => process.send!(packet, undefined, {}, ignore),
    state: ignore,
    source: ignore,
    zonesApplied: ignore,
    viewLearned: ignore,
    viewDrifted: ignore,
    viewUnlearnable: ignore,
    snapshot: ignore,
    commissioned: ignore,
    log: (level, text, fields) => level === 'error' && console.error(text, fields),
  });
  pipeline.start();
  await new Promise((resolve) => setTimeout(resolve, warmUp * 1000));
  await profileSelf(seconds, path);
  process.send!('done');
});
