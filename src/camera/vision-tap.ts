import { connect, type Socket } from 'node:net';
import type { Frame } from 'node-av/lib';
import { encodeFrame, FrameReader } from '../vision/link/framing.js';
import { type SeenPerson, type ToVision, toTapSchema } from '../vision/link/messages.js';
import type { VisionLink } from '../vision/link/ticket.js';
import { SmallPictures } from './small-pictures.js';

/** Between attempts to reach a vision process that is said to be there, ms. */
const RETRY_MS = 500;

export interface TapEvents {
  /** Everybody who was seen in the frame at `pts`; `people` is empty where nobody was. */
  people(pts: number, people: readonly SeenPerson[], validMs: number): void;
  /** The vision process is gone: nothing more is known until it is back. */
  lost(): void;
  /** A frame that could not be handed over. */
  failed(detail: string): void;
}

interface Ask {
  readonly ask: number;
  readonly side: number;
  readonly ifMoved: boolean;
}

/**
 * Where raw frames leave the worker, and the only place: small, to the vision process alone, over a socket that only the two can
 * open, and only when it asks. It gets the newest frame; none is kept for it.
 */
export class VisionTap implements Disposable {
  readonly #camera: string;
  readonly #events: TapEvents;
  #link: VisionLink | null = null;
  #socket: Socket | null = null;
  #retry: NodeJS.Timeout | null = null;
  readonly #asks: Ask[] = [];
  readonly #pictures = new SmallPictures();

  constructor(camera: string, events: TapEvents) {
    this.#camera = camera;
    this.#events = events;
  }

  /** @param link null: there is no vision process */
  use(link: VisionLink | null): void {
    if (link?.path === this.#link?.path && link?.ticket === this.#link?.ticket) return;
    this.#hangUp();
    this.#link = link;
    if (link) this.#connect(link);
  }

  /** Hands a frame over where one was asked for. @param frame upright; not kept, not changed */
  offer(frame: Frame, pts: number): void {
    if (this.#asks.length === 0) return;
    for (const ask of this.#asks.splice(0)) {
      try {
        this.#answer(ask, frame, pts);
      } catch (error) {
        // Asked again: the vision process gives up on a connection, never on a picture.
        this.#asks.push(ask);
        this.#events.failed(error instanceof Error ? error.message : String(error));
        return;
      }
    }
  }

  /** The camera looks elsewhere, or its source began anew: what was seen says nothing of it. */
  viewChanged(): void {
    this.#pictures.forget();
    this.#send({ type: 'view-changed' });
  }

  [Symbol.dispose](): void {
    this.#hangUp();
    this.#link = null;
    this.#pictures[Symbol.dispose]();
  }

  #answer({ ask, side, ifMoved }: Ask, frame: Frame, pts: number): void {
    const small = this.#pictures.take(frame, side, ifMoved);
    if (!small) return this.#send({ type: 'still', ask, pts });
    const { width, height, data } = small;
    this.#send({ type: 'picture', ask, pts, width, height }, data);
  }

  #connect(link: VisionLink): void {
    const socket = connect(link.path);
    this.#socket = socket;
    const reader = new FrameReader(({ head }) => this.#heard(toTapSchema.parse(head)), 0);
    socket.on('connect', () => this.#send({ type: 'hello', camera: this.#camera, ticket: link.ticket }));
    socket.on('data', (piece) => {
      if (socket !== this.#socket) return;
      try {
        reader.push(piece);
      } catch {
        socket.destroy();
      }
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      if (socket !== this.#socket) return;
      this.#hangUp();
      this.#retry = setTimeout(() => this.#connect(link), RETRY_MS);
    });
  }

  #heard(message: ReturnType<typeof toTapSchema.parse>): void {
    if (message.type === 'people') return this.#events.people(message.pts, message.people, message.validMs);
    this.#asks.push(message);
  }

  #hangUp(): void {
    if (this.#retry) clearTimeout(this.#retry);
    this.#retry = null;
    const socket = this.#socket;
    this.#socket = null;
    this.#asks.length = 0;
    this.#pictures.forget();
    if (!socket) return;
    socket.destroy();
    this.#events.lost();
  }

  #send(head: ToVision, body?: Uint8Array): void {
    const socket = this.#socket;
    if (!socket || socket.destroyed) return;
    const [front, rest] = encodeFrame(head, body);
    socket.write(front);
    if (rest.length > 0) socket.write(rest);
  }
}
