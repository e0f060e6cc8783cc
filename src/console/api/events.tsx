import { createContext, type ReactNode, use, useEffect, useMemo, useRef } from 'react';
import { ask } from './ask.js';

/** From a lost stream to the next try, ms. */
const RETRY_MS = 2000;

/** One event of the gateway's stream. */
export interface GatewayEvent {
  readonly event: string;
  readonly data: unknown;
}

/** Who wants to know what happens. */
export interface EventListener {
  readonly onEvent: (event: GatewayEvent) => void;
  /** The stream is there, at first or again: something may have been missed. */
  readonly onBack: () => void;
}

/** Begins to listen. Returns how to stop. */
type Listen = (listener: EventListener) => () => void;

const EventsContext = createContext<Listen>(() => () => undefined);

/** Opens one stream of what happens for all who want to know. */
export const EventsProvider = ({ children }: { readonly children: ReactNode }) => {
  const listeners = useRef(new Set<EventListener>());
  useEffect(
    () =>
      followEvents({
        onEvent: (event) => {
          for (const { onEvent } of listeners.current) onEvent(event);
        },
        onBack: () => {
          for (const { onBack } of listeners.current) onBack();
        },
      }),
    [],
  );
  const listen = useMemo<Listen>(
    () => (listener) => {
      listeners.current.add(listener);
      return () => void listeners.current.delete(listener);
    },
    [],
  );
  return <EventsContext value={listen}>{children}</EventsContext>;
};

export const useEvents = (): Listen => use(EventsContext);

/**
 * Reads the stream, and comes back by itself. By `fetch` and not by EventSource, which cannot send a token. Returns how to stop.
 */
const followEvents = ({ onEvent, onBack }: EventListener): (() => void) => {
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
