import JSMpeg, { type Destination, type Source } from '@cycjimmy/jsmpeg-player';
import type { LiveListener } from './live-player.js';
import { openLiveSocket } from './live-socket.js';

/** From a lost connection to the next try, ms. Longer than of live views: each first viewer starts an ffmpeg. */
const RETRY_MS = 3000;

/**
 * Plays a camera's masked stream in a canvas by JSMpeg, a decoder of MPEG-1 in JavaScript, for browsers without Media Source
 * Extensions. Loaded only where it is used.
 */
export class PreviewPlayer {
  readonly #player: InstanceType<typeof JSMpeg.Player>;

  constructor(canvas: HTMLCanvasElement, camera: string, listener: LiveListener) {
    this.#player = new JSMpeg.Player('', {
      canvas,
      source: sourceOf(camera, () => listener.status('connecting')),
      audio: false,
      autoplay: true,
      // A page may have 16 WebGL contexts, and a wall has 64 cameras.
      disableGl: true,
      // The gateway's Content-Security-Policy lets no page compile anything.
      disableWebAssembly: true,
      // Nobody sees it: then it is closed, and ffmpeg with it.
      pauseWhenHidden: false,
      onVideoDecode: () => listener.status('live'),
    });
  }

  close(): void {
    this.#player.destroy();
  }
}

/** A source that comes back by itself. JSMpeg's own tells nobody of a lost connection, and the last picture would pass for the present. */
const sourceOf = (camera: string, lost: () => void): (new () => Source) =>
  class implements Source {
    readonly streaming = true;
    readonly progress = 0;
    established = false;
    #destination: Destination | null = null;
    #socket: WebSocket | null = null;
    #retry: ReturnType<typeof setTimeout> | undefined;

    connect(destination: Destination): void {
      this.#destination = destination;
    }

    start(): void {
      const socket = openLiveSocket(camera, 'preview');
      socket.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => {
        this.established = true;
        this.#destination?.write(data);
      };
      socket.onclose = () => {
        this.established = false;
        lost();
        this.#retry = setTimeout(() => this.start(), RETRY_MS);
      };
      this.#socket = socket;
    }

    resume(): void {}

    destroy(): void {
      clearTimeout(this.#retry);
      if (!this.#socket) return;
      this.#socket.onclose = null;
      this.#socket.onmessage = null;
      this.#socket.close();
    }
  };
