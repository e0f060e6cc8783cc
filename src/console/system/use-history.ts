import { useEffect, useState } from 'react';
import { askJson } from '../api/ask.js';
import type { CameraHistory, CameraMinute } from '../api/types.js';

/** The gateway counts by the minute. */
const EVERY_MS = 20_000;

const DAY_MS = 24 * 3_600_000;

/** The last day of a camera, oldest minute first; null until it is known. Asked for whole once, and then for what is new. */
export const useHistory = (camera: string): readonly CameraMinute[] | null => {
  const [minutes, setMinutes] = useState<readonly CameraMinute[] | null>(null);
  useEffect(() => {
    const stop = new AbortController();
    const { signal } = stop;
    let kept: readonly CameraMinute[] = [];
    let next: ReturnType<typeof setTimeout> | undefined;
    const turn = async (): Promise<void> => {
      const since = kept.at(-1)?.at;
      const query = since === undefined ? '' : `?since=${since}`;
      const path = `/api/v1/cameras/${encodeURIComponent(camera)}/history${query}`;
      const answer = await askJson<CameraHistory>(path, { signal }).catch(() => null);
      if (signal.aborted) return;
      if (answer) {
        const oldest = Date.now() - DAY_MS;
        const before = kept.filter(({ at }) => at !== since && Date.parse(at) >= oldest);
        kept = [...before, ...answer.minutes];
        setMinutes(kept);
      }
      next = setTimeout(turn, EVERY_MS);
    };
    void turn();
    return () => {
      stop.abort();
      clearTimeout(next);
    };
  }, [camera]);
  return minutes;
};
