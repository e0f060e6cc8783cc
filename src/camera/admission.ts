import type { Frame } from 'node-av/lib';
import { IDENTITY } from '../guard/similarity.js';
import { PresetWatch } from '../onvif/preset-watch.js';
import { sameShape } from '../zones/geometry.js';
import type { Size, ZoneSet } from '../zones/zone.js';
import type { HeldFrames } from './held-frames.js';
import type { MaskStage, RawPicture } from './mask-stage.js';
import type { WorkerConfig } from './messages.js';
import type { PipelineEvents } from './pipeline-events.js';
import type { WithheldReason } from './state.js';
import type { StateKeeper } from './state-keeper.js';
import { ViewWatch } from './view-watch.js';

/** What the guard cannot do, and the cure. */
const UNLEARNABLE = {
  uniform:
    'the view is too uniform to be known again: where a person accepted it, any change of the whole picture withholds',
  unsteady: 'the view does not stand still: whether the camera is moved is not noticed until it does',
};

/** What frames are admitted to, and withheld from. */
export interface AdmissionContext {
  readonly state: StateKeeper;
  readonly held: HeldFrames;
  readonly mask: MaskStage;
  readonly events: PipelineEvents;
  /** The camera looks elsewhere, or where it did again. */
  viewChanged(): void;
}

/**
 * Whether the zones lie, in a frame, where they were accepted: the picture has the shape they were drawn on, a camera that is turned
 * stands at its preset, and the view is the accepted one. Where not, the stream is withheld before anything of the frame is shown.
 */
export class Admission {
  readonly #context: AdmissionContext;
  readonly #view: ViewWatch;
  /** null: it is not turned. */
  readonly #preset: PresetWatch | null;
  /** The guard's own hold. */
  #viewReason: WithheldReason | null = null;
  /** Stands for the accepted shape until control has one. */
  #firstSize: Size | null = null;

  constructor({ guard, zones, ptz }: Pick<WorkerConfig, 'guard' | 'zones' | 'ptz'>, context: AdmissionContext) {
    this.#context = context;
    const { state, mask, events } = context;
    this.#view = new ViewWatch(guard, zones.zones, {
      learned: (view) => events.viewLearned(view),
      drifted: (drift, detail) => {
        mask.follow(drift);
        events.log('info', 'zones follow the view', { detail });
        events.viewDrifted(detail);
      },
      unlearnable: (why) => {
        events.log('warn', UNLEARNABLE[why], { why });
        events.viewUnlearnable(why);
      },
      unreadable: (message) => events.log('error', message, {}),
    });
    this.#preset = ptz && new PresetWatch(ptz, (why) => this.#standsElsewhere(why));
    // Until the camera has said where it looks.
    if (this.#preset) state.hold('off-preset');
  }

  start(): void {
    this.#preset?.start();
  }

  /** Other zones, of a shape that was accepted, or that the next frame has. */
  useZones(zones: ZoneSet): void {
    this.#view.useZones(zones);
    this.#firstSize = null;
  }

  /** The source began anew. */
  restart(): void {
    this.#view.restart();
  }

  /** The present view becomes the accepted one. */
  learnView(): void {
    const { mask, state } = this.#context;
    this.#view.relearn();
    mask.follow(IDENTITY);
    if (this.#viewReason) state.release(this.#viewReason);
    this.#viewReason = null;
    state.settle(null);
  }

  /**
   * Whether a frame of this size can show the accepted view at all. Elsewhere than at its preset a camera shows another one: neither
   * is that news, nor may it be learned.
   */
  mayBeView(size: Size): boolean {
    return this.#checkShape(size) && !this.#context.state.has('off-preset');
  }

  /**
   * Before anything is shown of a frame: held ones are withheld with it. A frame that cannot be looked at is not shown.
   * @param raw the frame on the canvas, where it was loaded just before
   */
  checkView(frame: Frame, raw: RawPicture | null): boolean {
    const { state, held, events } = this.#context;
    const { reason, detail } = this.#view.look(frame, raw?.luma ?? null);
    if (reason === this.#viewReason) return reason === null;
    if (this.#viewReason) state.release(this.#viewReason);
    if (reason) {
      state.hold(reason);
      held.clear();
    }
    events.log(reason ? 'warn' : 'info', reason ? 'the view is not the accepted one' : 'the view is back', { detail });
    this.#viewReason = reason;
    this.#context.viewChanged();
    state.settle(reason ? detail : null);
    return reason === null;
  }

  /** Zones drawn on another shape of picture would lie elsewhere: withheld until the shape is back, or accepted. */
  #checkShape({ width, height }: Size): boolean {
    const { state, held, mask } = this.#context;
    const shape = mask.zones.shape ?? this.#firstSize;
    this.#firstSize = shape ?? { width, height };
    const fits = shape === null || sameShape(shape, { width, height });
    if (fits === state.has('geometry-changed')) {
      if (fits) state.release('geometry-changed');
      else {
        state.hold('geometry-changed');
        held.clear();
      }
      const accepted = shape ? `${shape.width}x${shape.height}` : 'none';
      state.settle(fits ? null : `the source sends ${width}x${height}, the zones were accepted on ${accepted}`);
    }
    return fits;
  }

  /** @param why it may not be shown; null: it stands at its preset */
  #standsElsewhere(why: string | null): void {
    const { state, held, events } = this.#context;
    events.log(why ? 'warn' : 'info', why ? 'not known to be at its preset' : 'at its preset', { detail: why });
    if (why === null) state.release('off-preset');
    else state.hold('off-preset');
    // What was half learned may be of another position.
    this.#view.restart();
    held.clear();
    state.settle(why);
  }
}
