import { FFmpegError } from 'node-av/lib';
import { VeilgateError } from '../errors.js';

/** A call into the video engine failed. `code` is stable; the engine's own words are in the message. */
export class AvError extends VeilgateError {}

/** Passes a non-negative result on; throws AvError naming `what` for a negative one. */
export function check(result: number, code: string, what: string): number {
  if (result < 0) throw new AvError(code, `${what}: ${FFmpegError.strerror(result)}`);
  return result;
}
