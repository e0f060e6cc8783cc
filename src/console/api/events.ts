import { ask } from './ask.js';

/** From a lost stream to the next try, ms. */
const RETRY_MS = 2000;

/** One event of the gateway's stream. */
export interface GatewayEvent {
  readonly event: string;
  readonly data: unknown;
}

/**
 * Listens to what happens, and comes back by itself; `onBack` is told each time, since something may have been missed. Read by `fetch`
 * and not by EventSource, which cannot send a token. Returns how to stop.
 */
export const listenToEvents = (onEvent: (event: GatewayEvent) => void, onBack: () => void): (() => void) => {
  const stop = new AbortController();
  const run = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      try {
        const response = await ask('/api/v1/events', { signal: stop.signal, timeoutMs: 24 * 3_600_000 });
        onBack();
        const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
        let text = '';
        for (;;) {
          const { value, done } = await reader.read();
          if (done) break;
          text += value;
          const blocks = text.split('\n\n');
          text = blocks.pop()!;
          for (const block of blocks) {
            const event = /^event: (.*)$/m.exec(block)?.[1];
            const data = /^data: (.*)$/m.exec(block)?.[1];
            if (event !== undefined && data !== undefined) onEvent({ event, data: JSON.parse(data) });
          }
        }
      } catch {
        // Asked again below, for as long as somebody listens.
      }
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  };
  void run();
  return () => stop.abort();
};
