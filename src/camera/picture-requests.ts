import type { Frame } from 'node-av/lib';
import type { MaskedFrame } from '../masking/masked-frame.js';
import type { Canvas } from './decode/canvas.js';
import { encodeJpeg } from './encode/jpeg.js';
import type { MaskStage } from './mask-stage.js';

/** Single pictures that control asks for, as JPEG: each request is answered once, with null where no picture may be had. */
export class PictureRequests {
  readonly #mask: MaskStage;
  readonly #answer: (request: number, jpeg: Buffer | null) => void;
  #snapshots: number[] = [];
  /** The last requests; whoever asked before has given up. */
  #evidence: number | null = null;
  #coarse: number | null = null;

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

  /** Asks for the next picture coarsened as a whole, with its zones, whatever the state. */
  evidence(request: number): void {
    this.#evidence = request;
  }

  /** The same without its zones. */
  coarse(request: number): void {
    this.#coarse = request;
  }

  /** Answers with a picture that viewers may have now. */
  takeSnapshots(masked: MaskedFrame<Canvas>): void {
    if (!this.wantsSnapshot) return;
    const jpeg = encodeJpeg(masked);
    for (const request of this.#snapshots.splice(0)) this.#answer(request, jpeg);
  }

  /** Before anything is known of the frame: nothing of it can be told from what is sent. */
  takeCoarse(frame: Frame): void {
    const [evidence, coarse] = [this.#evidence, this.#coarse];
    this.#evidence = null;
    this.#coarse = null;
    if (evidence !== null) this.#answer(evidence, encodeJpeg(this.#mask.applyWhole(frame, 'zones')));
    if (coarse !== null) this.#answer(coarse, encodeJpeg(this.#mask.applyWhole(frame, 'bare')));
  }

  /** Viewers have no picture any more: nor has who asked for one. */
  refuseSnapshots(): void {
    for (const request of this.#snapshots.splice(0)) this.#answer(request, null);
  }
}
