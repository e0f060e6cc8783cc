import { useCallback, useEffect, useRef, useState } from 'react';
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
  const ask = useRef<(() => Promise<void>) | null>(null);
  useEffect(() => {
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let asking = false;
    let again = false;
    const turn = async (): Promise<void> => {
      // An answer on its way may be of before: it is taken, and asked for once more.
      if (asking) {
        again = true;
        return;
      }
      clearTimeout(timer);
      asking = true;
      do {
        again = false;
        if (document.hidden) break;
        try {
          const answer = await fetchIt(stop.signal);
          if (stop.signal.aborted) return;
          setValue(answer);
          setError(null);
        } catch (thrown) {
          if (stop.signal.aborted) return;
          setError(thrown instanceof ApiError ? thrown : new ApiError(0, 'failed', String(thrown)));
        }
      } while (again);
      asking = false;
      timer = setTimeout(turn, everyMs);
    };
    ask.current = turn;
    void turn();
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [fetchIt, everyMs]);
  return { value, error, refresh: useCallback(() => void ask.current?.(), []) };
};
