import type { Frame } from 'node-av/lib';
import type { MaskedFrame } from '../masking/masked-frame.js';
import type { Canvas } from './decode/canvas.js';
import { encodeJpeg } from './encode/jpeg.js';
import type { MaskStage } from './mask-stage.js';
import type { CoarseOver } from './messages.js';

/** Single pictures that control asks for, as JPEG: each request is answered once, with null where no picture may be had. */
export class PictureRequests {
  readonly #mask: MaskStage;
  readonly #answer: (request: number, jpeg: Buffer | null) => void;
  #snapshots: number[] = [];
  /** The last requests; whoever asked for the same before has given up. */
  readonly #coarse = new Map<CoarseOver, number>();

  constructor(mask: MaskStage, answer: (request: number, jpeg: Buffer | null) => void) {
    this.#mask = mask;
    this.#answer = answer;
  }

  /** Somebody waits for the next picture as viewers get it. */
  get wantsSnapshot(): boolean {
    return this.#snapshots.length > 0;
  }

  /** Asks for the next picture as viewers get it. */
  snapshot(request: number): void {
    this.#snapshots.push(request);
  }

  /** Asks for the next picture coarsened as a whole, whatever the state. */
  coarse(request: number, over: CoarseOver): void {
    this.#coarse.set(over, request);
  }

  /** Answers with a picture that viewers may have now. */
  takeSnapshots(masked: MaskedFrame<Canvas>): void {
    if (!this.wantsSnapshot) return;
    const jpeg = encodeJpeg(masked);
    for (const request of this.#snapshots.splice(0)) this.#answer(request, jpeg);
  }

  /** Before anything is known of the frame: nothing of it can be told from what is sent. */
  takeCoarse(frame: Frame): void {
    if (this.#coarse.size === 0) return;
    const asked = [...this.#coarse];
    this.#coarse.clear();
    for (const [over, request] of asked) this.#answer(request, encodeJpeg(this.#mask.applyWhole(frame, over)));
  }

  /** Viewers have no picture any more: nor has who asked for one. */
  refuseSnapshots(): void {
    for (const request of this.#snapshots.splice(0)) this.#answer(request, null);
  }
}
