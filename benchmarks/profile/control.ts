/** The control process, profiled: the gateway on a site file, with a client that comes from elsewhere. */
import { profileSelf } from './sampled.js';
import type { ProfileRequest } from './worker.js';

const { startGateway } = (await import(
  new URL('../../dist/commands/start.js', import.meta.url).href
)) as typeof import('../../src/commands/start.js');

/** A site file and the environment to read it in. */
export interface ControlSubject {
  readonly siteFile: string;
  readonly env: Readonly<Record<string, string>>;
}

process.once('message', async (message) => {
  const { subject, warmUp, seconds, path } = message as ProfileRequest<ControlSubject>;
  const gateway = await startGateway(subject.siteFile, { env: { ...process.env, ...subject.env }, version: '0.0.0' });
  process.once('disconnect', () => void gateway.close().finally(() => process.exit()));
  process.send!({ rtsp: gateway.rtsp });
  await new Promise((resolve) => setTimeout(resolve, warmUp * 1000));
  await profileSelf(seconds, path);
  process.send!('done');
});
