import { AV_LOG_ERROR } from 'node-av/constants';
import { Log } from 'node-av/lib';

/** The engine may complain about every packet of a broken stream: a line this often at most, ms, with a count. */
const EVERY_MS = 5000;

/** Its errors alone: warnings tell of every oddity of a camera, again and again. */
export const quietEngineLog = (): void => Log.setLevel(AV_LOG_ERROR);

/** Takes the video engine's own lines off stderr, and gives out the last of them now and then, with how many there were. */
export function captureEngineLog(tell: (fields: { count: number; last: string }) => void): void {
  let count = 0;
  let last = '';
  let _timer: NodeJS.Timeout | null = null;
  const flush = (): void => {
    _timer = null;
    tell({ count, last });
    count = 0;
  };
  Log.setCallback(
    (_level, line) => {
      count++;
      last = line.trim();
      _timer ??= setTimeout(flush, EVERY_MS);
    },
    { maxLevel: AV_LOG_ERROR },
  );
}
