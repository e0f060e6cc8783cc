import { type IncomingMessage, type RequestListener, type Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** A connection that wants to become something else than HTTP. */
export interface Upgrade {
  readonly socket: Duplex;
  /** What came behind the request's headers. */
  readonly head: Buffer;
}

const upgrades = new WeakMap<IncomingMessage, Upgrade>();

/** The upgrade that a request asks for, where it does. */
export const upgradeOf = (request: IncomingMessage): Upgrade | undefined => upgrades.get(request);

/** The subprotocol by which a browser sends its token: it can set no header of a WebSocket, and an address would be logged. */
const BEARER_PROTOCOL = /(?:^|,)\s*bearer\.([!-+\--~]+)\s*(?:,|$)/;

/**
 * Sends requests for an upgrade through the app like any other one, so that every check of it holds for them too: host, token, role,
 * bounds on guessing. Who refuses them answers; who takes them takes `upgradeOf(request)`.
 */
export const routeUpgrades = (server: Server, app: RequestListener): void => {
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const token = BEARER_PROTOCOL.exec(request.headers['sec-websocket-protocol'] ?? '')?.[1];
    if (token !== undefined) request.headers.authorization ??= `Bearer ${token}`;
    if (request.headers.upgrade?.toLowerCase() === 'websocket') upgrades.set(request, { socket, head });
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(socket as never);
    response.once('finish', () => socket.end());
    app(request, response);
  });
};
