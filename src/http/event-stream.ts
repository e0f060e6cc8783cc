/** Server-sent events (WHATWG HTML, "Server-sent events"), as a route's answer. */
import type { Response } from 'express';
import { RequestError } from './failure.js';

/** One event. With an `id` a client that comes back says where it was. */
export interface StreamEvent {
  readonly event: string;
  readonly id?: number;
  readonly data: unknown;
}

/** Where a stream's events go. */
export interface EventSink {
  send(event: StreamEvent): void;
  /** Ends the stream; a browser comes back by itself. */
  end(): void;
}

/** Begins to send. @returns what ends it */
export type OpenStream = (sink: EventSink) => () => void;

/** A dozen consoles, each in several windows; more would be a mistake, or mischief. */
export const MAX_STREAMS = 64;
/** A line that says nothing, often enough for proxies and our own watch for silence; ms. */
const HEARTBEAT_MS = 10_000;
/** A stream ends after this, ms, so that whoever has lost the right to it does not keep it. */
const LIFETIME_MS = 15 * 60_000;
/** A client that reads too slowly for this many bytes comes back and continues. */
const MOST_UNREAD = 1024 * 1024;

let open = 0;

/** Answers with a stream. @throws RequestError 503 where too many are open */
export const sendEvents = (response: Response, start: OpenStream): void => {
  if (open >= MAX_STREAMS) throw new RequestError(503, 'too-many-streams', 'Too many event streams are open.');
  open++;
  response.status(200).set({ 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' });
  response.flushHeaders();
  const write = (text: string): void => {
    if (response.writableLength > MOST_UNREAD) response.destroy();
    else response.write(text);
  };
  // A browser comes back after two seconds.
  write('retry: 2000\n\n');
  const stop = start({
    send: ({ event, id, data }) =>
      write(`event: ${event}\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`),
    end: () => response.end(),
  });
  const heartbeat = setInterval(() => write(': \n\n'), HEARTBEAT_MS).unref();
  const lifetime = setTimeout(() => response.end(), LIFETIME_MS).unref();
  response.once('close', () => {
    open--;
    clearInterval(heartbeat);
    clearTimeout(lifetime);
    stop();
  });
};
