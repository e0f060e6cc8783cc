import type { Plane } from '../masking/picture.js';
import type { Size, ZoneSet } from '../zones/zone.js';
import { EdgeMap } from './edge-map.js';
import { Follow } from './follow.js';
import { Freeze } from './freeze.js';
import { GRID_WIDTH, LumaGrid } from './luma-grid.js';
import { GOOD_BLOCK, Match } from './match.js';
import { ReferenceLearner } from './reference-learner.js';
import { register } from './registration.js';
import { describe, IDENTITY, type Similarity, worstDisplacement } from './similarity.js';
import { NEIGHBOURS_MS, SuddenChange } from './sudden-change.js';
import { UniformView } from './uniform-view.js';
import { type Observation, STEADY, VerdictMachine } from './verdict.js';
import { BLOCKS, type ViewReference } from './view-reference.js';
import type { GuardedView } from './view-text.js';
import { sharesUnder, votesFor } from './votes.js';
import { Witnesses } from './witnesses.js';

/** A thorough look at least this often, ms. */
const THOROUGH_EVERY_MS = 500;

/** The share of edges in place may fall by so much since the last thorough look before the next one is due at once. */
const SUSPICIOUS_FALL = 0.05;

/** A movement must explain so much more of the edges than standing still does, and so many at all. */
const LEAST_GAIN = 0.1;
const LEAST_SHARE = 0.5;

/** With fewer of the edges in place large shifts are looked for at each thorough look, even where that is usual. */
const FAR = 0.7;

/** Of the witnesses so many must have gone along, and so many times those that stayed: else a thing moved, not the camera. */
const LEAST_MOVED = 0.2;
const STAYED_WEIGHT = 3;

/** Of the informative blocks fewer in place than this: the view is not the accepted one, whatever it is. */
const UNKNOWN_VIEW = 0.25;

/** Of the informative blocks fewer in place than this, and edges gone from the picture: something is before the lens. */
const COVERED_VIEW = 0.45;
/** Edges of the picture, of what is usual. */
const EDGES_GONE = 0.5;
/** How much half a second of steady looks counts in what is usual. */
const EDGE_MEMORY = 0.1;

/** Mean luma, of 0..255, beyond which nothing can be seen. */
const TOO_DARK = 28;
const TOO_BRIGHT = 228;

/**
 * Fine contrast to coarse contrast, of what it was: under this the picture is out of focus, if it lasts so long, ms. Real clips: 0.27 to
 * 0.41 blurred by 2 px of 640; undisturbed 0.84 and more, 0.6 coded as coarsely as x264 goes (CRF 46), 0.45 shrunk to half.
 */
const DEFOCUSED = 0.42;
const DEFOCUS_MS = 1000;

/** Default tolerance: 1 % of the picture's width, at any vertex of a zone. */
export const DEFAULT_TOLERANCE = 0.01;
/** With `guard: strict`. */
export const STRICT_TOLERANCE = 0.005;

const UNACCEPTED: Observation = {
  kind: 'lost',
  detail: 'no view was accepted yet; look at the picture, then run "veilgate zones accept"',
};
const UNIFORM: Observation = {
  kind: 'lost',
  detail: 'the view is too uniform to be known again, and the guard is strict',
};

const CHANGED: Observation = {
  kind: 'moved',
  detail: 'the picture has changed, and what it showed was too uniform to tell whether the camera was moved',
};

/** What follows when the view is not quite the accepted one. */
export type GuardMode = 'withhold' | 'follow' | 'strict';

export interface GuardOptions {
  readonly mode: GuardMode;
  /** Whether the first view that stays stable may be taken for the accepted one. */
  readonly mayLearn: boolean;
  /** The accepted view, if there is one. */
  readonly reference: GuardedView | null;
  readonly zones: ZoneSet;
}

export interface GuardEvents {
  /** A view was taken for the accepted one, or parts of it were forgotten. */
  learned(reference: GuardedView): void;
  /** The view has drifted by less than the tolerance, and stays there: `guard: follow`. */
  drifted(drift: Similarity, detail: string): void;
  /** Nothing can be learned of this view: each reason is told once. */
  unlearnable(why: 'uniform' | 'unsteady'): void;
}

/**
 * Compares each frame with the accepted view. The cheap look, at every frame, compares edges in place; what looks wrong gets the
 * thorough one at the same frame: registration, light, sharpness. A view that is not steady stays so until it was steady for a while.
 */
export class ViewGuard {
  readonly #events: GuardEvents;
  readonly #strict: boolean;
  /** null: zones stay where they are. */
  readonly #follow: Follow | null;
  readonly #grid = new LumaGrid();
  readonly #edges = new EdgeMap();
  readonly #match = new Match();
  readonly #freeze = new Freeze();
  readonly #sudden = new SuddenChange();
  readonly #witnesses = new Witnesses();
  /** `[BLOCKS]` shares under the movement that was found last. */
  readonly #under = new Float32Array(BLOCKS);
  /** What it was: within the tolerance, or beyond it and explaining more than standing still, whatever the witnesses say. */
  #movementFound: 'none' | 'drift' | 'suspected' = 'none';
  #zones: ZoneSet;
  #mayLearn: boolean;
  #reference: ViewReference | null;
  #learner: ReferenceLearner | null = null;
  /** Whether a person asked for the present view. */
  #isWanted = false;
  /** Where nothing can be learned of the view that a person took: any change of it counts. */
  #uniform: UniformView | null;
  #machine: VerdictMachine;
  #wasUnknown = false;
  /** The share in place at the last thorough look that found the view steady. */
  #usualShare = 1;
  /** Edges of the picture then. */
  #usualEdges = 0;
  #thoroughAt = Number.NEGATIVE_INFINITY;
  #defocusSince: number | null = null;
  /** What was told of why nothing can be learned. */
  readonly #told = new Set<'uniform' | 'unsteady'>();
  /** Whether the reference is known to hold nothing of the zones in force. */
  #isPruned = false;

  constructor(options: GuardOptions, events: GuardEvents) {
    this.#events = events;
    this.#strict = options.mode === 'strict';
    this.#follow = options.mode === 'follow' ? new Follow() : null;
    this.#zones = options.zones;
    this.#mayLearn = options.mayLearn;
    const { reference } = options;
    this.#uniform = reference instanceof UniformView ? reference : null;
    this.#reference = reference instanceof UniformView ? null : reference;
    this.#machine = new VerdictMachine(reference || options.mayLearn ? STEADY : UNACCEPTED);
  }

  /** In force from the next frame on. */
  useZones(zones: ZoneSet): void {
    this.#zones = zones;
    this.#learner = null;
    this.#isPruned = false;
  }

  /** Forgets the view: the present one is accepted as soon as it is stable. */
  relearn(): void {
    this.#reference = null;
    this.#learner = null;
    this.#uniform = null;
    this.#isWanted = true;
    this.#mayLearn = true;
    this.#machine = new VerdictMachine(STEADY);
    this.#witnesses.reset();
    this.#sudden.reset();
    this.#told.clear();
    if (this.#follow) this.#follow.drift = IDENTITY;
    this.#follow?.interrupt();
  }

  /** The stream began anew: what is usual now is not known. */
  restart(): void {
    this.#learner = null;
    this.#usualShare = 1;
    this.#usualEdges = 0;
    this.#witnesses.reset();
    this.#sudden.reset();
    this.#follow?.interrupt();
    this.#freeze.restart();
  }

  /**
   * Looks at a frame before it is masked.
   * @param plane luma `[height, stride]`, uint8 @param now ms, on any clock that rises
   */
  look(plane: Plane, width: number, height: number, now: number): Observation {
    if (!this.#zones.some(({ action }) => action === 'mask')) return STEADY;
    if (!this.#reference && !this.#uniform && !this.#mayLearn) return this.#machine.verdict;
    this.#grid.sample(plane, width, height);
    if (this.#uniform) return this.#watchUniform(this.#uniform, now);
    if (!this.#reference) return this.#learn(width, height, now);
    this.#edges.read(this.#grid.cells);
    const reference = this.#prune(this.#reference, { width, height });
    this.#match.read(reference, this.#edges.codes);
    const isOther = this.#sudden.isOn(this.#match, now);
    const frozen = this.#freeze.isFrozen(this.#grid.cells, now);
    if (frozen) return this.#machine.observe({ kind: 'lost', detail: 'the picture is frozen' }, now);
    const since = now - this.#thoroughAt;
    if (this.#isSettled && since < THOROUGH_EVERY_MS) return this.#machine.verdict;
    this.#thoroughAt = now;
    const seen = this.#examine(reference, isOther || this.#isUnknown(since), now);
    if (seen.kind === 'steady') {
      // While a movement is suspected, those that speak for it must not be dismissed for having moved.
      if (this.#movementFound !== 'suspected')
        this.#witnesses.steady(this.#match.blocks, this.#movementFound === 'drift' ? this.#under : null);
      this.#usualShare = this.#match.share;
      // By time, not by looks: while something covers the lens each frame gets one, and a covered picture would soon be usual.
      const weight = this.#usualEdges === 0 ? 1 : EDGE_MEMORY * Math.min(1, since / THOROUGH_EVERY_MS);
      this.#usualEdges += weight * (this.#edges.count - this.#usualEdges);
    }
    if (this.#follow) this.#followDrift(this.#follow, reference, seen, now);
    return this.#machine.observe(seen, now);
  }

  /** Nothing of a zone's inside is kept, also of zones that came after the view was accepted. */
  #prune(reference: ViewReference, size: Size): ViewReference {
    if (this.#isPruned) return reference;
    this.#isPruned = true;
    const pruned = reference.without(this.#zones, size);
    if (pruned === reference) return reference;
    this.#reference = pruned;
    this.#sudden.reset();
    this.#usualShare = 1;
    this.#events.learned(pruned);
    return pruned;
  }

  /** Nothing fell since the last thorough look that found the view steady, and most of it is there. */
  get #isSettled(): boolean {
    const { share, goodBlocks } = this.#match;
    const isUsual = share > this.#usualShare - SUSPICIOUS_FALL && goodBlocks >= COVERED_VIEW;
    return this.#machine.verdict.kind === 'steady' && isUsual;
  }

  #learn(width: number, height: number, now: number): Observation {
    this.#learner ??= new ReferenceLearner(this.#zones, { width, height });
    const learned = this.#learner.add(this.#grid, now);
    switch (learned.kind) {
      case 'learning':
        break;
      case 'learned':
        this.#reference = learned.reference;
        this.#learner = null;
        this.#usualShare = 1;
        this.#events.learned(learned.reference);
        return this.#machine.observe(STEADY, now);
      case 'uniform':
      case 'unsteady':
        if (!this.#told.has(learned.kind)) this.#events.unlearnable(learned.kind);
        this.#told.add(learned.kind);
        if (learned.kind === 'unsteady') break;
        // A person took it as it is: no other may take its place. The first that can be known again is waited for where nobody did.
        if (this.#isWanted) {
          this.#edges.read(this.#grid.cells);
          this.#uniform = new UniformView(this.#edges);
          this.#events.learned(this.#uniform);
        }
        if (this.#strict) return this.#machine.observe(UNIFORM, now);
    }
    return this.#machine.verdict;
  }

  #watchUniform(view: UniformView, now: number): Observation {
    if (this.#strict) return this.#machine.observe(UNIFORM, now);
    this.#edges.read(this.#grid.cells);
    return this.#machine.observe(view.hasChanged(this.#edges) ? CHANGED : STEADY, now);
  }

  /**
   * Whether nothing of the accepted view is known again. One picture is not enough where the one before was looked at as well and was
   * known: in the dark, noise does that.
   * @param since ms from the last thorough look
   */
  #isUnknown(since: number): boolean {
    const { share, goodBlocks } = this.#match;
    const isUnknown = goodBlocks < UNKNOWN_VIEW && share < LEAST_SHARE;
    const isLone = !this.#wasUnknown && since <= NEIGHBOURS_MS;
    this.#wasUnknown = isUnknown;
    return isUnknown && !isLone;
  }

  #examine(reference: ViewReference, isOther: boolean, now: number): Observation {
    const { goodBlocks } = this.#match;
    const { luma } = this.#edges;
    const moved = this.#movement(reference);
    if (moved) return moved;
    if (goodBlocks < COVERED_VIEW) {
      if (luma < TOO_DARK) return { kind: 'lost', detail: 'the picture is too dark to tell where the camera looks' };
      if (luma > TOO_BRIGHT)
        return { kind: 'lost', detail: 'the picture is too bright to tell where the camera looks' };
      if (this.#edges.count < EDGES_GONE * (this.#usualEdges || reference.cells.length))
        return { kind: 'covered', detail: 'something is before the lens' };
    }
    if (isOther) return { kind: 'moved', detail: 'the picture shows another view than the accepted one' };
    if (this.#isDefocused(reference, now)) return { kind: 'lost', detail: 'the picture is out of focus' };
    return STEADY;
  }

  #movement(reference: ViewReference): Observation | null {
    this.#movementFound = 'none';
    // Nothing can explain enough more.
    if (this.#match.share + LEAST_GAIN > 1) return null;
    const isFar = !this.#isSettled || this.#match.share < FAR;
    const { transform, share } = register(reference, this.#edges.codes, isFar);
    const worst = worstDisplacement(transform, this.#zones, reference.shape);
    sharesUnder(reference, this.#edges.codes, transform, this.#under);
    if (worst <= (this.#strict ? STRICT_TOLERANCE : DEFAULT_TOLERANCE)) {
      this.#movementFound = 'drift';
      return null;
    }
    if (share < LEAST_SHARE || share < this.#match.share + LEAST_GAIN) return null;
    this.#movementFound = 'suspected';
    const votes = votesFor(this.#witnesses.of(reference), this.#match.blocks, this.#under);
    if (votes.moved < LEAST_MOVED || votes.stayed * STAYED_WEIGHT > votes.moved) return null;
    return { kind: 'moved', detail: `the picture is ${describe(transform)}` };
  }

  /** A drift is measured where the view is steady and stays so; beyond the tolerance it is withheld, and not followed. */
  #followDrift(follow: Follow, reference: ViewReference, seen: Observation, now: number): void {
    if (seen.kind !== 'steady') return follow.interrupt();
    const { transform, share } = register(reference, this.#edges.codes, false);
    const isSmall = worstDisplacement(transform, this.#zones, reference.shape) <= DEFAULT_TOLERANCE;
    if (share < LEAST_SHARE || !isSmall) return follow.interrupt();
    if (follow.observe(transform, this.#zones, reference.shape, now))
      this.#events.drifted(follow.drift, `the picture is ${describe(follow.drift)}`);
  }

  /** At the edges that are in their place: where something else is seen, its sharpness says nothing. */
  #isDefocused({ cells: edges, blockStart, sharpness }: ViewReference, now: number): boolean {
    const { cells, fine } = this.#grid;
    let coarse = 0;
    let sharp = 0;
    for (let block = 0; block < BLOCKS; block++) {
      if (this.#match.blocks[block]! < GOOD_BLOCK) continue;
      for (let i = blockStart[block]!; i < blockStart[block + 1]!; i++) {
        const cell = edges[i]!;
        coarse += Math.abs(cells[cell + 1]! - cells[cell - 1]!);
        coarse += Math.abs(cells[cell + GRID_WIDTH]! - cells[cell - GRID_WIDTH]!);
        sharp += fine[cell]!;
      }
    }
    if (this.#match.goodBlocks < COVERED_VIEW || sharp >= DEFOCUSED * sharpness * coarse) {
      this.#defocusSince = null;
      return false;
    }
    this.#defocusSince ??= now;
    return now - this.#defocusSince >= DEFOCUS_MS;
  }
}
