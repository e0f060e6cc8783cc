/**
 * How something that looks at pictures plugs into the vision process. An `Eye` is one kind of looking (people, place, sign): it loads
 * its models once, and makes a `Watch` for each camera that needs it, which puts the single looks together over time.
 */
import type { Place } from '../config/place.js';
import type { OnPerson, Point } from '../zones/zone.js';
import type { ToTap } from './link/messages.js';
import type { VisionReport } from './messages.js';
import type { RgbPicture } from './picture.js';

/** What the vision process has to know of a camera. No addresses, no secrets. */
export interface WatchedCamera {
  readonly id: string;
  /** What it is declared to look at. */
  readonly place: Place;
  /** Looks for people, a second, while something moves; null: nobody asked for people. */
  readonly peopleRate: number | null;
  /** Zones in which people are counted or reported. */
  readonly peopleZones: readonly PeopleZone[];
  /** The sign that is looked for in its picture; null: none. */
  readonly sign: WatchedSign | null;
}

export interface WatchedSign {
  /** Words of which one must be read. */
  readonly expect: readonly string[];
  /** Where it hangs; null: anywhere. */
  readonly region: readonly Point[] | null;
  /** Seconds between looks. */
  readonly within: number;
  /** Path of a photo of it; null: none. */
  readonly reference: string | null;
}

export interface PeopleZone {
  readonly id: string;
  readonly polygon: readonly Point[];
  readonly onPerson: Exclude<OnPerson, 'ignore'>;
  /** Seconds; null: staying is not reported. */
  readonly dwell: number | null;
}

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
