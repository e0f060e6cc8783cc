import { useCallback, useEffect, useState } from 'react';
import { ApiError } from './ask.js';

/** What was last heard of something that is asked for again and again. */
export interface Polled<T> {
  /** The last answer, which may be of the past where `error` is set; null before the first. */
  readonly value: T | null;
  readonly error: ApiError | null;
  /** Asks again now. */
  readonly refresh: () => void;
}

/** Asks at once and then `everyMs` after each answer, while the page can be seen. Signing out is told elsewhere. */
export const usePoll = <T>(fetchIt: (signal: AbortSignal) => Promise<T>, everyMs: number): Polled<T> => {
  const [value, setValue] = useState<T | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const [round, setRound] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round asks again
  useEffect(() => {
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const turn = async (): Promise<void> => {
      if (!document.hidden) {
        try {
          const answer = await fetchIt(stop.signal);
          if (stop.signal.aborted) return;
          setValue(answer);
          setError(null);
        } catch (thrown) {
          if (stop.signal.aborted) return;
          setError(thrown instanceof ApiError ? thrown : new ApiError(0, 'failed', String(thrown)));
        }
      }
      timer = setTimeout(turn, everyMs);
    };
    void turn();
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [fetchIt, everyMs, round]);
  return { value, error, refresh: useCallback(() => setRound((n) => n + 1), []) };
};
