/**
 * How messages lie on the socket between a camera's worker and the vision process:
 *
 *     u32 LE length of the head | u32 LE length of the body | head: JSON, UTF-8 | body: bytes, such as a picture's
 *
 * Pure: bytes in, messages out. Lengths are bounded before any memory is taken for them.
 */
import { VeilgateError } from '../../errors.js';

/** Heads are a few hundred bytes; with the boxes of a crowd some ten thousand. */
const MOST_HEAD = 64 * 1024;

/** RGB of 1920x1920: the largest picture that is ever asked for. */
export const MOST_BODY = 1920 * 1920 * 3;

const LENGTHS = 8;
const NOTHING = Buffer.alloc(0);

export interface LinkFrame {
  /** Parsed JSON, to be checked by whoever takes it. */
  readonly head: unknown;
  /** Its own memory. */
  readonly body: Buffer;
}

/** Bytes that cannot be a message. Whoever sent them is not spoken to any more. */
export class LinkError extends VeilgateError {}

/** One message as bytes, to be written in this order. The body is not copied. */
export function encodeFrame(head: object, body: Uint8Array = NOTHING): readonly [Buffer, Uint8Array] {
  const text = Buffer.from(JSON.stringify(head));
  const front = Buffer.allocUnsafe(LENGTHS + text.length);
  front.writeUInt32LE(text.length, 0);
  front.writeUInt32LE(body.length, 4);
  text.copy(front, LENGTHS);
  return [front, body];
}

/** Puts messages together again from whatever pieces a socket gives. */
export class FrameReader {
  readonly #onFrame: (frame: LinkFrame) => void;
  readonly #mostBody: number;
  readonly #lengths = Buffer.alloc(LENGTHS);
  #have = 0;
  #headLength = 0;
  /** Head and body of the message at hand; null while its lengths are read. */
  #message: Buffer | null = null;

  /** @param mostBody bytes; a reader that expects no pictures passes 0 */
  constructor(onFrame: (frame: LinkFrame) => void, mostBody = MOST_BODY) {
    this.#onFrame = onFrame;
    this.#mostBody = mostBody;
  }

  /** @throws LinkError `link-frame` */
  push(piece: Buffer): void {
    let at = 0;
    while (at < piece.length) {
      const into = this.#message ?? this.#lengths;
      const copied = piece.copy(into, this.#have, at);
      at += copied;
      this.#have += copied;
      if (this.#have === into.length) this.#complete(into);
    }
  }

  #complete(whole: Buffer): void {
    this.#have = 0;
    if (this.#message) {
      this.#message = null;
      this.#onFrame({ head: parse(whole.subarray(0, this.#headLength)), body: whole.subarray(this.#headLength) });
      return;
    }
    this.#headLength = whole.readUInt32LE(0);
    const bodyLength = whole.readUInt32LE(4);
    if (this.#headLength === 0 || this.#headLength > MOST_HEAD || bodyLength > this.#mostBody)
      throw new LinkError('link-frame', `A message of ${this.#headLength} + ${bodyLength} bytes is none.`);
    this.#message = Buffer.allocUnsafe(this.#headLength + bodyLength);
  }
}

function parse(head: Buffer): unknown {
  try {
    return JSON.parse(head.toString('utf8'));
  } catch (error) {
    throw new LinkError('link-frame', 'The head of a message is not JSON.', { cause: error });
  }
}
