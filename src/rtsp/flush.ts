import type { Socket } from 'node:net';
import type { Writable } from 'node:stream';
import { TLSSocket } from 'node:tls';

const NOTHING = Buffer.alloc(0);

/** Calls back when all that was written to a stream so far was taken, or never will be: it was destroyed. */
export function flush(stream: Writable, done: () => void): void {
  if (stream.writableLength === 0 || stream.destroyed) done();
  // Behind everything that waits.
  else if (stream.writable) stream.write(NOTHING, () => done());
  // It ends when all is out.
  else stream.once('close', done);
}

/** Ends a connection at once. What the kernel still holds back for the other side goes too, except over TLS, where only Node.js says goodbye. */
export function cut(socket: Socket): void {
  if (socket instanceof TLSSocket) socket.destroy();
  else socket.resetAndDestroy();
}
