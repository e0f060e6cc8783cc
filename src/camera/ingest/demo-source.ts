import { AV_PIX_FMT_YUV420P } from 'node-av/constants';
import { Frame } from 'node-av/lib';
import { CLOCK_HZ } from '../../rtsp/published-stream.js';
import { check } from '../av-error.js';
import { DEMO_FPS, DEMO_SCENES, type DemoScene, type DemoSceneName } from './demo-scene.js';
import { type Source, SourceError, type SourceEvents } from './source.js';

/** A moving synthetic scene, so that a gateway shows something without a camera. */
export class DemoSource implements Source {
  readonly #name: string;
  readonly #events: SourceEvents;
  #timer: NodeJS.Timeout | null = null;
  #frame: Frame | null = null;

  constructor(name: string, events: SourceEvents) {
    this.#name = name;
    this.#events = events;
  }

  start(): void {
    const make = DEMO_SCENES[this.#name as DemoSceneName];
    if (!make) {
      const known = Object.keys(DEMO_SCENES).join(', ');
      queueMicrotask(() =>
        this.#events.end(
          new SourceError('source-refused', `no demo scene is called "${this.#name}"; there are: ${known}`),
        ),
      );
      return;
    }
    const scene = make();
    const frame = allocate(scene);
    this.#frame = frame;
    this.#events.track({
      codec: 'demo',
      decoder: null,
      fps: DEMO_FPS,
      bitrate: null,
      durationMs: null,
      offersAudio: false,
    });
    const startedAt = performance.now();
    const strides = frame.linesize;
    let planes = planesOf(frame);
    let count = 0;
    const deliver = (): void => {
      // Somebody holds the last one back: what he holds must not change.
      if (!frame.isWritable) {
        check(frame.makeWritable(), 'canvas-allocation', 'no memory for the demo scene');
        planes = planesOf(frame);
      }
      scene.draw(count, planes, strides);
      this.#events.frame(frame, Math.round((count * CLOCK_HZ) / DEMO_FPS), process.hrtime.bigint());
      count++;
      if (this.#frame) this.#timer = setTimeout(deliver, startedAt + (count * 1000) / DEMO_FPS - performance.now());
    };
    this.#timer = setTimeout(deliver, 0);
  }

  async close(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#frame?.free();
    this.#frame = null;
  }
}

/** Plain arrays over the frame's memory: a Buffer's own methods are slower. */
const planesOf = (frame: Frame): Uint8Array[] =>
  frame.data!.slice(0, 3).map(({ buffer, byteOffset, length }) => new Uint8Array(buffer, byteOffset, length));

function allocate(scene: DemoScene): Frame {
  const frame = new Frame();
  frame.alloc();
  frame.format = AV_PIX_FMT_YUV420P;
  frame.width = scene.width;
  frame.height = scene.height;
  check(frame.allocBuffer(), 'canvas-allocation', 'no memory for the demo scene');
  return frame;
}
