import { AV_LOG_ERROR } from 'node-av/constants';
import { Log } from 'node-av/lib';
import { type Digest, digestLines } from './log-digest.js';

/** Its errors alone: warnings tell of every oddity of a camera, again and again. */
export const quietEngineLog = (): void => Log.setLevel(AV_LOG_ERROR);

/** Takes the video engine's own lines off stderr: it may complain about every packet of a broken stream. */
export function captureEngineLog(tell: (digest: Digest) => void): void {
  const take = digestLines(tell);
  Log.setCallback((_level, line) => take(line.trim()), { maxLevel: AV_LOG_ERROR });
}
