/**
 * The choke point: the one place where a picture becomes fit to be encoded.
 *
 * A camera has one long-lived picture, its canvas. Each decoded frame is copied onto it, masked in place and encoded from there, so
 * the danger is not a forgotten mask alone but also a right mask on the wrong moment: a frame masked once, and then painted over
 * with the next raw one. Three things make that impossible rather than unlikely:
 *
 * 1. What the encoder takes is a `MaskedFrame`. Its class is not exported, only its type, and the type is nominal (a private
 *    field), so nothing outside this file can make, extend or imitate one. The only way to one is `Masker.mask`.
 * 2. A `MaskedFrame` holds no picture. It is a handle on its canvas, and gives the picture out only while the canvas is masked.
 *    `Masker.load`, the only way to put raw pixels on it, closes the handle before the first pixel is written; `mask` opens it
 *    after the last check has passed. Whatever throws in between leaves it closed. There is one handle a canvas, for good, so
 *    nothing is allocated per frame, and one kept too long is either closed or shows a later, masked picture.
 * 3. `mask` includes the self-test, on planes fetched anew from whatever the encoder will read. A frame that exists has passed it.
 *
 * What is left to the caller: not to keep `frame.picture`, and not to write to the canvas's memory other than in `load`.
 */
import { fillBlurred } from './blur.js';
import type { BoxMask } from './box-mask.js';
import { measureCells } from './cells.js';
import { MaskError } from './mask-error.js';
import type { SelfTestFault } from './mask-fault.js';
import type { Picture } from './picture.js';
import { fillCells } from './pixelate.js';
import type { MaskLayer, MaskPlan } from './plan.js';
import { poison, verifyMask } from './self-test.js';
import { fillSolid } from './solid.js';

/** Shared by a masker and its frame, and by nobody else. */
interface Gate<P extends Picture> {
  readonly picture: P;
  /** The plan that the picture is masked with now; null while it is raw. */
  plan: MaskPlan | null;
}

class Masked<P extends Picture> {
  readonly #gate: Gate<P>;

  constructor(gate: Gate<P>) {
    this.#gate = gate;
  }

  /** The masked picture: read it at once, never keep it. @throws MaskError `mask-state` while the canvas is raw. */
  get picture(): P {
    if (this.#gate.plan) return this.#gate.picture;
    throw closed();
  }

  /** What it is masked with. @throws MaskError `mask-state` while the canvas is raw. */
  get plan(): MaskPlan {
    if (this.#gate.plan) return this.#gate.plan;
    throw closed();
  }
}

/** A picture that has been masked and checked. Made by `Masker.mask` alone; the only thing that the encoder accepts. */
export type MaskedFrame<P extends Picture = Picture> = Masked<P>;

/**
 * Takes one camera's canvas from raw to masked, over and over.
 *
 * @example
 * const masker = new Masker(canvas, () => canvas.freshPlanes());
 * masker.load((to) => {             // raw: the MaskedFrame is closed
 *   to.copyFrom(decoded);
 * });
 * encoder.encode(masker.mask(plan)); // masked and checked, or a MaskError
 */
export class Masker<P extends Picture> {
  readonly #gate: Gate<P>;
  readonly #frame: MaskedFrame<P>;
  readonly #fetchPlanes: () => Picture['planes'];
  #loaded = false;

  /**
   * @param canvas Where frames are copied to and masked. Belongs to the masker from now on.
   * @param fetchPlanes Views of the memory that the encoder will read, made anew at each call: never views that were kept.
   */
  constructor(canvas: P, fetchPlanes: () => Picture['planes']) {
    this.#gate = { picture: canvas, plan: null };
    this.#frame = new Masked(this.#gate);
    this.#fetchPlanes = fetchPlanes;
  }

  /**
   * Puts a raw frame on the canvas: `write` fills in the picture, synchronously. Closes the `MaskedFrame` first. What `write`
   * throws is passed on, and there is then nothing to mask until another frame is loaded.
   */
  load(write: (picture: P) => undefined): void {
    this.#gate.plan = null;
    this.#loaded = false;
    write(this.#gate.picture);
    this.#loaded = true;
  }

  /**
   * Masks the loaded frame with `plan`, checks it, and opens the `MaskedFrame`: the same object every time. `boxes` are blackened
   * too, after the plan was carried out and checked: they can only add to it.
   *
   * @throws MaskError `mask-state` where no frame is loaded, `mask-geometry` where `plan` is for another size or range,
   * `mask-self-test` where what the encoder would read is not masked. The frame is lost then: nothing of it can be encoded.
   */
  mask(plan: MaskPlan, boxes: BoxMask | null = null): MaskedFrame<P> {
    if (!this.#loaded) throw new MaskError('mask-state', 'There is no raw frame to mask; load one first.');
    this.#loaded = false;
    assertFits(plan, this.#gate.picture);
    if (boxes) assertFits(boxes, this.#gate.picture);
    const before = this.#fetchPlanes();
    for (const layer of plan.layers) {
      if (layer.style !== 'solid') measureCells(layer.grid, this.#gate.picture);
      poison(plan, layer, before);
      fillLayer(layer, this.#gate.picture);
    }
    assertMasked(verifyMask(plan, this.#fetchPlanes()));
    if (boxes && boxes.count > 0) {
      boxes.poison(this.#fetchPlanes(), plan.fullRange);
      boxes.fill(this.#gate.picture);
      assertMasked(boxes.verify(this.#fetchPlanes(), plan.fullRange));
    }
    this.#gate.plan = plan;
    return this.#frame;
  }
}

function assertMasked(fault: SelfTestFault | null): void {
  if (!fault) return;
  throw new MaskError(
    'mask-self-test',
    `Zone ${fault.zone} is not masked in what would be encoded (${fault.plane} pixel ${fault.x}, ${fault.y}); the frame is withheld.`,
    fault,
  );
}

function fillLayer(layer: MaskLayer, picture: Picture): void {
  if (layer.style === 'solid') fillSolid(layer.spans, picture);
  else if (layer.style === 'pixelate') fillCells(layer.spans, layer.grid, picture);
  else fillBlurred(layer.spans, layer.grid, layer.line, picture);
}

function assertFits(plan: MaskPlan | BoxMask, picture: Picture): void {
  const { width, height, fullRange } = picture;
  if (width !== plan.width || height !== plan.height || ('fullRange' in plan && fullRange !== plan.fullRange)) {
    throw new MaskError(
      'mask-geometry',
      `A plan for ${describe('fullRange' in plan ? plan : { width: plan.width, height: plan.height, fullRange })} cannot mask a picture of ${describe(picture)}; compile the zones for that picture.`,
    );
  }
}

const describe = ({ width, height, fullRange }: Pick<Picture, 'width' | 'height' | 'fullRange'>): string =>
  `${width}x${height} in ${fullRange ? 'full' : 'studio'} range`;

const closed = (): MaskError =>
  new MaskError(
    'mask-state',
    'The canvas holds raw pixels; a masked frame can be read only between mask and the next load.',
  );
