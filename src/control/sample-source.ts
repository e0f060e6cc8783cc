import { fileURLToPath } from 'node:url';
import type { FromSampler, SampleOrder, ToSampler } from '../camera/sampler-messages.js';
import { VeilgateError } from '../errors.js';
import type { Logger } from '../rtsp/logger.js';
import { spawnGuarded } from './spawn-guarded.js';

const SAMPLER = fileURLToPath(new URL('../camera/sampler.js', import.meta.url));

/** Without a word for so long, ms, it hangs: a picture every few seconds, and 10 s for a source that has none. */
const SILENCE_MS = 60_000;

export type Sample = Extract<FromSampler, { type: 'picture' }>;

/**
 * Pictures of a source now and then, decoded by a process of its own. The next one is asked for when the last has been taken.
 *
 * @throws VeilgateError where the source cannot be had or decoded, or the process ended
 */
export async function* sampleSource(order: SampleOrder, logger: Logger): AsyncGenerator<Sample, void> {
  const child = spawnGuarded([SAMPLER], logger, 'sampler said');
  let wake = (): void => undefined;
  const heard: FromSampler[] = [];
  const hear = (message: FromSampler): void => {
    heard.push(message);
    wake();
  };
  const broke = (message: string): void => hear({ type: 'failed', code: 'sampler-broke', message });
  child.on('message', (message) => hear(message as FromSampler));
  child.once('error', (error) => broke(error.message));
  child.once('exit', (code, signal) => broke(`what decodes it ended (${signal ?? `exit code ${code}`})`));
  const send = (message: ToSampler): void => {
    if (child.connected) child.send(message);
  };
  try {
    send({ type: 'sample', order });
    for (;;) {
      if (heard.length === 0)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(() => broke('what decodes it does not answer'), SILENCE_MS);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      const message = heard.shift()!;
      if (message.type === 'end') return;
      if (message.type === 'failed') throw new VeilgateError(message.code, message.message);
      yield message;
      send({ type: 'next' });
    }
  } finally {
    child.kill('SIGKILL');
  }
}
