/** What may not be shown any more still waits here for a consumer: it has so long, ms, to take that, or it is ended. */
export const DRAIN_MS = 500;

/**
 * Resolves when what a consumer was handed so far has left this process, or never will.
 * @param flushed calls back when everything that waits now was taken; also where the consumer is gone meanwhile
 * @param giveUp ends a consumer that is too slow, with all that waits for it
 */
export function drain(flushed: (done: () => void) => void, giveUp: () => void): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      giveUp();
      resolve();
    }, DRAIN_MS);
    flushed(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
