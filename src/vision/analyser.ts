/**
 * How something that looks at pictures plugs into the vision process. An `Eye` is one kind of looking (people, place, sign): it loads
 * its models once, and makes a `Watch` for each camera that needs it, which puts the single looks together over time.
 */
import type { ToTap } from './link/messages.js';
import type { VisionReport } from './messages.js';
import type { RgbPicture } from './picture.js';
import type { WatchedCamera } from './watched-camera.js';

/** Looks at one picture at a time; keeps nothing of it. */
export interface Analyser<Seen> {
  /** The longer side of the pictures that it wants, px. */
  readonly side: number;
  analyse(picture: RgbPicture, camera: WatchedCamera): Promise<Seen>;
}

/** When a look was taken. */
export interface Look {
  /** Of the frame, 90 kHz, as its camera counts. */
  readonly pts: number;
  /** When its picture came, ms of a clock that only rises. */
  readonly at: number;
}

/** One camera as one eye sees it over time. */
export interface Watch<Seen> {
  readonly periodMs: number;
  /** Where nothing has moved, `still` is as good as another picture. */
  readonly ifMoved: boolean;
  seen(what: Seen, look: Look): void;
  still(look: Look): void;
  /** What was seen before is of another view. */
  viewChanged?(): void;
}

/** Whom a watch can speak to. */
export interface Voice {
  /** The camera's worker. */
  tell(message: ToTap): void;
  /** Control. */
  report(report: VisionReport): void;
}

export interface Eye<Seen = unknown> {
  readonly name: string;
  /** Once, when the first camera needs it. @throws where the model is missing or damaged: its watches then wait for ever. */
  load(): Promise<Analyser<Seen>>;
  /** null: this camera does not need it. */
  watch(camera: WatchedCamera, voice: Voice): Watch<Seen> | null;
}
