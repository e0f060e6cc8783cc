import type { Frame } from 'node-av/lib';
import { followingZones } from '../guard/follow.js';
import { IDENTITY, type Similarity } from '../guard/similarity.js';
import { BoxMask } from '../masking/box-mask.js';
import { type MaskedFrame, Masker } from '../masking/masked-frame.js';
import type { Plane } from '../masking/picture.js';
import { coarsePicturePlan, compileMask, type MaskPlan } from '../masking/plan.js';
import { masksPeople, type ZoneSet } from '../zones/zone.js';
import { Canvas, isFullRange } from './decode/canvas.js';
import type { CoarseOver, ZonesInForce } from './messages.js';
import { PeopleSight } from './people-sight.js';

/** A frame on the canvas, not masked yet. `Masker` masks each one once: a stale one is refused. */
export interface RawPicture {
  readonly luma: Plane;
  /** What copying it took. */
  readonly ms: number;
}

/**
 * Decoded frames in, masked frames out. The canvas and the plans are made once per size and range, the plans anew when the zones
 * change: a frame is masked with one whole set, the old or the new. Where zones mask people, those zones are masked as a whole unless
 * it is known where people are in this very frame.
 */
export class MaskStage implements Disposable {
  /** Where people are, for zones that mask them. */
  readonly people = new PeopleSight();
  #zones: ZonesInForce;
  /** Of the view, which the zones follow. */
  #drift: Similarity = IDENTITY;
  #canvas: Canvas | null = null;
  #masker: Masker<Canvas> | null = null;
  /** Of all zones. */
  #whole: MaskPlan | null = null;
  /** Without the zones that mask people: those get boxes. */
  #open: MaskPlan | null = null;
  #boxes: BoxMask | null = null;
  #isBlind = false;

  constructor(zones: ZonesInForce) {
    this.#zones = zones;
    this.people.useZones(zones.zones);
  }

  get zones(): ZonesInForce {
    return this.#zones;
  }

  /** The last frame's people were not known: what masks them was masked as a whole. */
  get isBlind(): boolean {
    return this.#isBlind;
  }

  /** In force from the next frame on. */
  use(zones: ZonesInForce): void {
    this.#zones = zones;
    this.#forgetPlans();
  }

  /** The zones follow a drift of the view from the next frame on; what was accepted stays masked as well. */
  follow(drift: Similarity): void {
    this.#drift = drift;
    this.#forgetPlans();
  }

  /**
   * Copies a frame onto the canvas: raw, and whatever was masked there before is closed. Throws AvError.
   * @returns its luma, good until the next call of any kind
   */
  load(frame: Frame): RawPicture {
    const started = performance.now();
    this.#maskerFor(frame).load((canvas) => void canvas.load(frame));
    return { luma: this.#canvas!.planes[0], ms: performance.now() - started };
  }

  /**
   * Masks and self-tests the picture that was loaded just before. Valid until the next call. Throws MaskError; the frame is lost then.
   * @param pts of the frame, as those of the people who were seen
   */
  mask(_loaded: RawPicture, pts: number): MaskedFrame<Canvas> {
    const masker = this.#masker!;
    const { width, height } = this.#canvas!;
    if (!this.people.isNeeded) {
      this.#isBlind = false;
      return masker.mask(this.#wholePlan());
    }
    if (this.#boxes?.width !== width || this.#boxes.height !== height) this.#boxes = new BoxMask(width, height);
    this.#isBlind = !this.people.find(pts, this.#boxes);
    return this.#isBlind ? masker.mask(this.#wholePlan()) : masker.mask(this.#openPlan(), this.#boxes);
  }

  /** Copies, masks and self-tests a frame. Valid until the next call. Throws MaskError, AvError; the frame is lost then. */
  apply(frame: Frame, pts: number): MaskedFrame<Canvas> {
    return this.mask(this.load(frame), pts);
  }

  /**
   * A frame in coarse blocks as a whole: over its zones for evidence, also where they do not cover any more what they should; or `bare`,
   * without the zones, to draw them on. Valid until the next call of either.
   */
  applyWhole(frame: Frame, over: CoarseOver): MaskedFrame<Canvas> {
    const masker = this.#maskerFor(frame);
    const { width, height, fullRange } = this.#canvas!;
    masker.load((canvas) => void canvas.load(frame));
    return masker.mask(coarsePicturePlan(over === 'bare' ? [] : this.#masked(), width, height, fullRange));
  }

  #maskerFor(frame: Frame): Masker<Canvas> {
    if (this.#masker && this.#canvas?.fits(frame)) return this.#masker;
    this.#canvas?.[Symbol.dispose]();
    const canvas = new Canvas(frame.width, frame.height, isFullRange(frame));
    this.#canvas = canvas;
    this.#forgetPlans();
    this.#masker = new Masker(canvas, () => canvas.freshPlanes());
    return this.#masker;
  }

  #wholePlan(): MaskPlan {
    const { width, height, fullRange } = this.#canvas!;
    this.#whole ??= compileMask(this.#masked(), width, height, fullRange);
    return this.#whole;
  }

  #openPlan(): MaskPlan {
    const { width, height, fullRange } = this.#canvas!;
    this.#open ??= compileMask(
      this.#masked().filter((zone) => !masksPeople(zone)),
      width,
      height,
      fullRange,
    );
    return this.#open;
  }

  /** The zones in force, where the view has drifted to. */
  #masked(): ZoneSet {
    return this.#canvas ? followingZones(this.#zones.zones, this.#drift, this.#canvas) : this.#zones.zones;
  }

  #forgetPlans(): void {
    this.#whole = null;
    this.#open = null;
    this.people.useZones(this.#masked());
  }

  [Symbol.dispose](): void {
    this.#canvas?.[Symbol.dispose]();
    this.#canvas = null;
    this.#masker = null;
    this.#whole = null;
    this.#open = null;
  }
}
