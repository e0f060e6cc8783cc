import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Logger } from '../rtsp/logger.js';

/**
 * Bounds the connections of an HTTP server. Over the bound the oldest of those goes on which no request is being served: half a request,
 * or none at all, keeps nobody out. Where all are busy, the new one goes.
 */
export const boundConnections = (server: Server, maxConnections: number, logger: Logger): void => {
  /** Oldest first. */
  const idle = new Set<Socket>();
  let open = 0;
  server.on('connection', (socket) => {
    open++;
    idle.add(socket);
    socket.once('close', () => {
      open--;
      idle.delete(socket);
    });
    if (open <= maxConnections) return;
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
};
