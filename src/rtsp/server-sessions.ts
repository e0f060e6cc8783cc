import type { ServedStream } from './served-stream.js';
import type { ServerSession } from './server-session.js';

/** The sessions of a server, by id and by the address that their receiver reports come from. */
export class ServerSessions implements Iterable<ServerSession> {
  private readonly sessions = new Map<string, ServerSession>();

  [Symbol.iterator](): Iterator<ServerSession> {
    return this.sessions.values();
  }

  get size(): number {
    return this.sessions.size;
  }

  get(id: string): ServerSession | undefined {
    return this.sessions.get(id);
  }

  add(session: ServerSession): void {
    this.sessions.set(session.id, session);
  }

  /** Ends the session and forgets it. */
  end(session: ServerSession, goodbye: boolean): void {
    session.close(goodbye);
    this.sessions.delete(session.id);
    if (session.connection?.session === session) session.connection.session = null;
    session.connection = null;
  }

  countPlaying(): number {
    let count = 0;
    for (const session of this.sessions.values()) if (session.state === 'playing') count++;
    return count;
  }

  /** The longest known session over UDP whose connection is gone: the first to go where there are too many. */
  oldestOrphan(): ServerSession | undefined {
    for (const session of this.sessions.values()) if (session.connection === null) return session;
    return undefined;
  }

  /** A receiver report came from there: those who receive there are alive. */
  markSeen(address: string, rtcpPort: number, now: number): void {
    for (const session of this.sessions.values()) {
      if (session.clientAddress === address && session.transport.clientPort?.[1] === rtcpPort) session.lastSeen = now;
    }
  }

  of(served: ServedStream): ServerSession[] {
    return [...this.sessions.values()].filter((session) => session.served === served);
  }
}
