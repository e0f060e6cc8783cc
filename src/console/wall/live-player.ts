import { openLiveSocket } from './live-socket.js';

/** How far the picture may lag behind what has arrived, s: beyond it the player jumps to the newest picture. */
const JUMP_BEHIND_S = 0.6;
/** From here on it plays a little faster until it has caught up. */
const HURRY_BEHIND_S = 0.2;
const HURRY_RATE = 1.08;
/** What it keeps behind the newest picture, s, where it jumps: uneven networks do not stop it at once. */
const CUSHION_S = 0.06;

/** Played seconds that are kept; older ones go, so that a wall that is open all day does not grow. */
const KEEP_S = 20;
const TIDY_EVERY_MS = 5000;

/** From a lost connection to the next try, ms, doubling. */
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 8000;

/** What a player is doing. */
export type LiveStatus = 'connecting' | 'live' | 'unsupported';

export interface LiveListener {
  status(status: LiveStatus): void;
}

/** Whether this browser has what live views need, whatever they carry. */
export const hasMediaSource = (): boolean => typeof MediaSource !== 'undefined' && typeof WebSocket !== 'undefined';

/**
 * Plays a camera's masked stream in a video element: fragmented MP4 from a WebSocket into Media Source Extensions, close behind
 * the newest picture. Comes back by itself when the connection is lost.
 */
export class LivePlayer {
  readonly #video: HTMLVideoElement;
  readonly #camera: string;
  readonly #listener: LiveListener;
  #socket: WebSocket | null = null;
  #media: MediaSource | null = null;
  #buffer: SourceBuffer | null = null;
  #mime = '';
  #queue: ArrayBuffer[] = [];
  #retryMs = FIRST_RETRY_MS;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #tidiedAt = 0;
  #closed = false;

  constructor(video: HTMLVideoElement, camera: string, listener: LiveListener) {
    this.#video = video;
    this.#listener = listener;
    this.#camera = camera;
    this.#connect();
  }

  /** Seconds from the newest picture that has arrived to the one that is shown; null while nothing is. */
  get behind(): number | null {
    const { buffered, currentTime } = this.#video;
    return buffered.length === 0 ? null : Math.max(0, buffered.end(buffered.length - 1) - currentTime);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#retry);
    this.#reset();
  }

  #connect(): void {
    this.#listener.status('connecting');
    const socket = openLiveSocket(this.#camera, 'live');
    socket.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => this.#take(data);
    socket.onclose = () => this.#lost();
    this.#socket = socket;
  }

  #lost(): void {
    if (this.#closed) return;
    this.#reset();
    this.#listener.status('connecting');
    this.#retry = setTimeout(() => this.#connect(), this.#retryMs);
    this.#retryMs = Math.min(this.#retryMs * 2, LONGEST_RETRY_MS);
  }

  #reset(): void {
    if (this.#socket) {
      this.#socket.onclose = null;
      this.#socket.onmessage = null;
      this.#socket.close();
    }
    this.#socket = null;
    this.#buffer = null;
    this.#media = null;
    this.#queue = [];
    this.#mime = '';
    if (this.#video.src) {
      URL.revokeObjectURL(this.#video.src);
      this.#video.removeAttribute('src');
      this.#video.load();
    }
  }

  #take(data: string | ArrayBuffer): void {
    if (typeof data === 'string') return this.#announce((JSON.parse(data) as { mime: string }).mime);
    this.#queue.push(data);
    this.#feed();
  }

  /** What follows is of this type. */
  #announce(mime: string): void {
    if (!MediaSource.isTypeSupported(mime)) {
      this.close();
      return this.#listener.status('unsupported');
    }
    if (this.#media === null) return this.#open(mime);
    if (mime === this.#mime) return;
    this.#mime = mime;
    this.#feed();
    // What waits is still of the type before: it is appended first, or given up with it.
    if (this.#buffer?.updating === false) this.#buffer.changeType(mime);
    else this.#lost();
  }

  #open(mime: string): void {
    this.#mime = mime;
    const media = new MediaSource();
    this.#media = media;
    this.#video.src = URL.createObjectURL(media);
    media.onsourceopen = () => {
      if (this.#media !== media) return;
      const buffer = media.addSourceBuffer(mime);
      buffer.onupdateend = () => this.#appended();
      buffer.onerror = () => this.#lost();
      this.#buffer = buffer;
      this.#feed();
    };
  }

  /** Appends everything that waits, in one piece. */
  #feed(): void {
    const buffer = this.#buffer;
    if (!buffer || buffer.updating || this.#queue.length === 0) return;
    const waiting = this.#queue.splice(0);
    try {
      buffer.appendBuffer(waiting.length === 1 ? waiting[0]! : join(waiting));
    } catch {
      this.#lost(); // the element gave up on what it was fed: it begins anew
    }
  }

  #appended(): void {
    this.#follow();
    if (this.#queue.length > 0) return this.#feed();
    const buffer = this.#buffer;
    if (!buffer || performance.now() - this.#tidiedAt < TIDY_EVERY_MS) return;
    this.#tidiedAt = performance.now();
    const old = this.#video.currentTime - KEEP_S;
    if (buffer.buffered.length > 0 && buffer.buffered.start(0) < old) buffer.remove(0, old);
  }

  /** Keeps close behind the newest picture. */
  #follow(): void {
    const video = this.#video;
    const { behind } = this;
    if (behind === null) return;
    if (video.paused) void video.play().catch(() => undefined);
    if (behind > JUMP_BEHIND_S) video.currentTime = video.buffered.end(video.buffered.length - 1) - CUSHION_S;
    video.playbackRate = behind > HURRY_BEHIND_S ? HURRY_RATE : 1;
    if (video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) {
      this.#retryMs = FIRST_RETRY_MS;
      this.#listener.status('live');
    }
  }
}

const join = (parts: readonly ArrayBuffer[]): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(new Uint8Array(part), at);
    at += part.byteLength;
  }
  return bytes;
};
