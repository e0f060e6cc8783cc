import type { Logger } from './logger.js';
import type { PublishedStream, StreamCatalogue, StreamDescription } from './published-stream.js';
import type { ServedStream } from './served-stream.js';
import type { DigestGate } from './server-auth.js';
import type { ServerConnection } from './server-connection.js';
import type { ServerLimits } from './server-limits.js';
import type { ServerSession } from './server-session.js';
import type { ServerSessions } from './server-sessions.js';
import type { UdpSender } from './udp-sender.js';
import type { RtspRequest } from './wire/message.js';
import { formatSession, parseSession } from './wire/session.js';

/** What answering needs of the server. */
export interface ServerContext {
  readonly catalogue: StreamCatalogue;
  readonly sessions: ServerSessions;
  readonly gate: DigestGate;
  readonly limits: ServerLimits;
  readonly logger: Logger;
  readonly now: () => number;
  /** Null where clients must come over TCP. */
  readonly udp: UdpSender | null;
  /** The stream's shared track for what it carries now. */
  serve(stream: PublishedStream, description: StreamDescription): ServedStream;
  /** Makes room for one more client that plays. False where there is none. */
  admitPlayer(session: ServerSession): boolean;
  endSession(session: ServerSession, cause: string): void;
  dropSlowClient(session: ServerSession): void;
}

/** Null, and a log line, where the stream fails to say what it is: its clients may try again. */
export const describeInTime = async (
  { limits, logger }: ServerContext,
  stream: PublishedStream,
): Promise<StreamDescription | null> => {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      reject,
      limits.describeTimeoutMs,
      new Error(`no description after ${limits.describeTimeoutMs} ms`),
    );
  });
  try {
    return await Promise.race([stream.describe(), timeout]);
  } catch (error) {
    logger.warn({ err: error, stream: stream.id }, 'stream cannot be described');
    return null;
  } finally {
    clearTimeout(timer);
  }
};

/**
 * The session that the request names, which is thereby seen alive. A session over UDP may be controlled from another connection
 * of the same address (RFC 2326, 1.6: sessions are no connections), which then owns it.
 */
export const findSession = (
  context: ServerContext,
  connection: ServerConnection,
  request: RtspRequest,
): ServerSession | null => {
  const session = context.sessions.get(parseSession(request.headers.get('Session'))?.id ?? '');
  if (!session) return null;
  if (session.connection !== connection) {
    const adoptable = session.transport.protocol === 'udp' && session.clientAddress === connection.remoteAddress;
    if (!adoptable || connection.session) return null;
    if (session.connection) session.connection.session = null;
    session.connection = connection;
    connection.session = session;
  }
  session.lastSeen = context.now();
  return session;
};

/** The Session header of an answer. */
export const sessionHeader = ({ limits }: ServerContext, session: ServerSession): string =>
  formatSession({ id: session.id, timeoutS: Math.ceil(limits.sessionTimeoutMs / 1000) });
