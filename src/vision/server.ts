import { chmod } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { VeilgateError } from '../errors.js';
import type { Member, VisionHub } from './hub.js';
import { encodeFrame, FrameReader, LinkError } from './link/framing.js';
import { type ToTap, toVisionSchema } from './link/messages.js';
import { isTicketOf } from './link/ticket.js';

/** Whoever connects says within this time, ms, which camera it is. */
const HELLO_MS = 3000;

/** Connections beside one for each camera: workers that are being replaced. */
const SPARE_CONNECTIONS = 16;

/** Bytes that a worker leaves unread: it hangs, and is let go. A verdict is a few hundred bytes. */
const MOST_UNREAD = 4 * 1024 * 1024;

/** The socket that workers come to. What does not prove at once that it is the worker of a camera is sent away without a word. */
export class VisionServer {
  readonly #server: Server;
  readonly #hub: VisionHub;
  readonly #secret: string;
  readonly #sockets = new Set<Socket>();

  constructor(hub: VisionHub, secret: string, mostCameras: number) {
    this.#hub = hub;
    this.#secret = secret;
    this.#server = createServer((socket) => this.#accept(socket));
    this.#server.maxConnections = mostCameras + SPARE_CONNECTIONS;
  }

  /** @param path of a socket to be, in a folder that nobody else can enter. @throws VeilgateError `vision-socket` */
  async listen(path: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', (error) =>
        reject(new VeilgateError('vision-socket', `The socket ${path} cannot be opened.`, { cause: error })),
      );
      this.#server.listen(path, resolve);
    });
    await chmod(path, 0o600);
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    let member: Member | null = null;
    const impatience = setTimeout(() => socket.destroy(), HELLO_MS);
    const reader = new FrameReader(({ head, body }) => {
      const message = toVisionSchema.parse(head);
      if (message.type === 'picture' && body.length !== message.width * message.height * 3)
        throw new LinkError('link-frame', 'A picture has another size than it says.');
      if (member) return member.heard(message, body);
      if (message.type !== 'hello' || !this.#admits(message.camera, message.ticket))
        throw new LinkError('link-ticket', 'This is no worker of a camera.');
      clearTimeout(impatience);
      member = this.#hub.join(message.camera, (answer) => tell(socket, answer));
    });
    socket.on('data', (piece) => {
      try {
        reader.push(piece);
      } catch {
        socket.destroy();
      }
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      clearTimeout(impatience);
      this.#sockets.delete(socket);
      member?.leave();
    });
  }

  #admits(camera: string, ticket: string): boolean {
    return isTicketOf(ticket, this.#secret, camera) && this.#hub.knows(camera);
  }
}

function tell(socket: Socket, message: ToTap): void {
  if (socket.destroyed) return;
  if (socket.writableLength > MOST_UNREAD) {
    socket.destroy();
    return;
  }
  const [front] = encodeFrame(message);
  socket.write(front);
}
