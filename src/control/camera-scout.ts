import { fileURLToPath } from 'node:url';
import { VeilgateError } from '../errors.js';
import type { FoundDevice, OfferedStream, ScoutAnswer, ScoutOrder } from '../onvif/scouting.js';
import type { Logger } from '../rtsp/logger.js';
import { spawnGuarded } from './spawn-guarded.js';

const SCOUT = fileURLToPath(new URL('../onvif/scout.js', import.meta.url));

/** Cameras are asked to answer within half a second (WS-Discovery, APP_MAX_DELAY); slow ones take longer. ms */
const DISCOVER_MS = 2500;
/** A scout that has not answered by then, ms, is ended. */
const PATIENCE_MS = 7500;
/** Scouts at a time: each is a process. */
const MAX_SCOUTS = 4;

/** `scout-failed`: the camera does not answer, or not to this user and password. `scout-busy`: ask again. */
export class ScoutError extends VeilgateError {}

/** Asks about cameras over ONVIF, by a process of its own for each question. */
export class CameraScout {
  readonly #logger: Logger;
  #scouts = 0;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** @throws ScoutError */
  async discover(): Promise<readonly FoundDevice[]> {
    const answer = await this.#send({ type: 'discover', timeoutMs: DISCOVER_MS });
    if (answer.type === 'devices') return answer.devices;
    throw new ScoutError('scout-failed', 'The networks could not be asked for cameras. The log says why.');
  }

  /** @param service address of the device service, with user and password @throws ScoutError */
  async streams(service: string): Promise<readonly OfferedStream[]> {
    const answer = await this.#send({ type: 'streams', service });
    if (answer.type === 'streams') return answer.streams;
    const why = answer.type === 'failed' ? answer.why.slice(0, 200) : 'no answer';
    throw new ScoutError(
      'scout-failed',
      `The ONVIF service at ${new URL(service).host} does not tell its streams: ${why}. Check user, password, and that ONVIF is switched on.`,
    );
  }

  async #send(order: ScoutOrder): Promise<ScoutAnswer> {
    if (this.#scouts >= MAX_SCOUTS)
      throw new ScoutError('scout-busy', 'Others are looking for cameras. Try again in a few seconds.');
    this.#scouts++;
    const child = spawnGuarded([SCOUT], this.#logger, 'scout said');
    const gone: ScoutAnswer = { type: 'failed', why: 'no answer' };
    try {
      return await new Promise<ScoutAnswer>((resolve) => {
        child.once('message', (answer) => resolve(answer as ScoutAnswer));
        child.once('exit', () => resolve(gone));
        child.once('error', () => resolve(gone));
        setTimeout(() => resolve(gone), PATIENCE_MS).unref();
        child.send(order);
      });
    } finally {
      this.#scouts--;
      child.kill('SIGKILL');
    }
  }
}
