import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Logger } from '../rtsp/logger.js';

/**
 * Bounds the connections of an HTTP server. Over the bound the oldest of those goes on which no request is being served: half a request,
 * or none at all, keeps nobody out. Where all are busy, the new one goes. Upgraded connections are not counted.
 */
export const boundConnections = (server: Server, maxConnections: number, logger: Logger): void => {
  /** Oldest first. */
  const idle = new Set<Socket>();
  const held = new Set<Socket>();
  const release = (socket: Socket): void => {
    held.delete(socket);
    idle.delete(socket);
  };
  server.on('connection', (socket) => {
    held.add(socket);
    idle.add(socket);
    socket.once('close', () => release(socket));
    if (held.size <= maxConnections) return;
    const [oldest = socket] = idle;
    idle.delete(oldest);
    oldest.destroy();
    logger.debug({ maxConnections, client: oldest.remoteAddress }, 'HTTP connection made room for another one');
  });
  server.on('request', ({ socket }, response) => {
    idle.delete(socket);
    response.once('close', () => {
      if (!socket.destroyed) idle.add(socket);
    });
  });
  // Not HTTP any more: whoever takes it has a bound of its own.
  server.on('upgrade', (request: IncomingMessage) => release(request.socket));
};
