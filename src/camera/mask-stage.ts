import type { Frame } from 'node-av/lib';
import { type MaskedFrame, Masker } from '../masking/masked-frame.js';
import { compileMask, type MaskPlan } from '../masking/plan.js';
import { Canvas, isFullRange } from './decode/canvas.js';
import type { ZonesInForce } from './messages.js';

/**
 * Decoded frames in, masked frames out. The canvas and the plan are made once per size and range, the plan anew when the zones
 * change: a frame is masked with one whole set, the old or the new.
 */
export class MaskStage implements Disposable {
  #zones: ZonesInForce;
  #canvas: Canvas | null = null;
  #masker: Masker<Canvas> | null = null;
  #plan: MaskPlan | null = null;

  constructor(zones: ZonesInForce) {
    this.#zones = zones;
  }

  get zones(): ZonesInForce {
    return this.#zones;
  }

  /** In force from the next frame on. */
  use(zones: ZonesInForce): void {
    this.#zones = zones;
    this.#plan = null;
  }

  /** Copies, masks and self-tests a frame. Valid until the next call. Throws MaskError, AvError; the frame is lost then. */
  apply(frame: Frame): MaskedFrame<Canvas> {
    const masker = this.#maskerFor(frame);
    masker.load((canvas) => void canvas.load(frame));
    return masker.mask(this.#planFor(this.#canvas!));
  }

  #maskerFor(frame: Frame): Masker<Canvas> {
    if (this.#masker && this.#canvas?.fits(frame)) return this.#masker;
    this.#canvas?.[Symbol.dispose]();
    const canvas = new Canvas(frame.width, frame.height, isFullRange(frame));
    this.#canvas = canvas;
    this.#plan = null;
    this.#masker = new Masker(canvas, () => canvas.freshPlanes());
    return this.#masker;
  }

  #planFor(canvas: Canvas): MaskPlan {
    this.#plan ??= compileMask(this.#zones.zones, canvas.width, canvas.height, canvas.fullRange);
    return this.#plan;
  }

  [Symbol.dispose](): void {
    this.#canvas?.[Symbol.dispose]();
    this.#canvas = null;
    this.#masker = null;
    this.#plan = null;
  }
}
