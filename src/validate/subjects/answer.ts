import type { PlaceVerdict } from '../../vision/place/verdict.js';
import type { SignState, ViewState } from '../dataset/item.js';

/** What the product said of a place in one picture. */
export interface PlaceAnswer {
  /** Seconds into a clip; 0 of a still picture. */
  readonly at: number;
  readonly verdict: PlaceVerdict;
  /** 0..1. */
  readonly prohibited: number;
  /** The likeliest kind that the model knows. */
  readonly kind: string;
  /** Of a clip: the verdict over time, fused from the pictures so far. */
  readonly fused: PlaceVerdict | null;
}

/** The way of one file through `veilgate mask`, looked at beside its source. */
export interface MaskAnswer {
  /** Frames of the source, and of them those that came out. */
  readonly frames: number;
  readonly written: number;
  /** Frames in which something must be hidden. */
  readonly hiddenFrames: number;
  readonly leakedFrames: number;
  /** Pixels of all frames: hidden ones, and of them those that can be seen. */
  readonly hiddenPixels: number;
  readonly leakedPixels: number;
  /** The frame with the most leaked pixels, or -1. */
  readonly worstFrame: number;
  readonly worstPixels: number;
  /** How it was judged: see `LeakTest`. */
  readonly test: 'black' | 'detail';
  /** Share of the picture that was masked, 0..1. */
  readonly maskedShare: number;
  /** Why nothing was written: the product's own error code. Nothing leaks then. */
  readonly refused: string | null;
}

/** An alarm: on from one time to another. */
export interface Alarm<T> {
  readonly kind: T;
  /** Seconds. */
  readonly from: number;
  /** null: to the end. */
  readonly to: number | null;
}

/** What the view guard said of a clip. */
export interface ViewAnswer {
  readonly alarms: readonly Alarm<ViewState>[];
  /** Seconds of footage. */
  readonly seconds: number;
  /** Whether it could learn the view at all. */
  readonly learned: boolean;
}

/** A thing that was found. */
export interface FoundObject {
  readonly label: string;
  readonly score: number;
  readonly box: readonly [left: number, top: number, right: number, bottom: number];
  readonly frame: number | null;
}

/** What was read of a sign. */
export interface SignAnswer {
  readonly at: number;
  readonly state: SignState;
  /** Of the surest line, 0..1. */
  readonly score: number;
}

/** All that the product said of one file. Plain JSON: it is kept from run to run. */
export interface Answer {
  readonly file: string;
  readonly sha256: string;
  readonly place?: readonly PlaceAnswer[];
  readonly mask?: MaskAnswer;
  readonly view?: ViewAnswer;
  readonly objects?: readonly FoundObject[];
  readonly people?: readonly Alarm<string>[];
  readonly sign?: readonly SignAnswer[];
  /** It could not be measured: what went wrong, in one sentence. */
  readonly failure?: string;
}
