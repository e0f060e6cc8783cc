import type { Backlog } from '../rtsp/published-stream.js';

/** What may not be shown any more still waits here for a consumer: it has so long, ms, to take that, or it is ended. */
export const DRAIN_MS = 500;

/** Resolves when what a consumer was handed so far has left this process, or never will. */
export function drain(backlog: Backlog): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      backlog.end();
      resolve();
    }, DRAIN_MS);
    backlog.flush(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
