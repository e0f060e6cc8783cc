import type { Point, Size, ZoneSet } from '../../zones/zone.js';

/** Something that holds from one time of a clip to another, seconds. `to` null: to its end. Of a still picture: 0 and null. */
export interface Timed<T> {
  readonly value: T;
  readonly from: number;
  readonly to: number | null;
}

export const VIEW_STATES = ['moved', 'covered', 'lost'] as const;
export type ViewState = (typeof VIEW_STATES)[number];

export const SIGN_STATES = ['visible', 'degraded', 'missing'] as const;
export type SignState = (typeof SIGN_STATES)[number];

/** Left, top, right, bottom; shares of the displayed picture. */
export type Box = readonly [left: number, top: number, right: number, bottom: number];

/** A thing that is there. */
export interface ObjectTruth {
  readonly label: string;
  readonly box: Box;
  /** Number of the clip's frame from 0; null of a still picture. */
  readonly frame: number | null;
  /** A crowd or a cut-off thing: neither found nor missed counts. */
  readonly ignore: boolean;
}

/** One file of a dataset and what is true of it. Empty or null: nothing is said, and nothing is measured. */
export interface Item {
  /** Where it lies in the dataset, with `/`. Unique. */
  readonly file: string;
  readonly kind: 'still' | 'clip';
  /** What it shows, e.g. `night: yes`; scores are broken down by it. */
  readonly tags: Readonly<Record<string, string>>;
  /** Its size as the dataset says it. */
  readonly size: Size | null;
  readonly place: readonly Timed<string>[];
  /** Times at which the camera was tampered with; what is between them is steady. null: nothing is said of the view. */
  readonly view: readonly Timed<ViewState>[] | null;
  /** Times at which somebody is in the zone of that name. null: nothing is said of people. */
  readonly people: readonly Timed<string>[] | null;
  readonly sign: readonly Timed<SignState>[];
  /** Words of which one is to be read on the sign; empty: the product's own. */
  readonly signWords: readonly string[];
  /** What no viewer may see. */
  readonly masks: readonly Timed<readonly Point[]>[];
  /** Zones to mask with. null: those of `masks`, or of the camera that was named. */
  readonly zones: ZoneSet | null;
  /** null: nothing is said of objects. */
  readonly objects: readonly ObjectTruth[] | null;
}

/** Something of a dataset that cannot be used. */
export interface DatasetProblem {
  /** The file that it is about: an item's path in the dataset, or the manifest. */
  readonly path: string;
  /** Line of the manifest, from 1, where one is known. */
  readonly line: number | null;
  /** Stable: `missing-file`, `broken-picture`, ... */
  readonly code: string;
  readonly message: string;
  /** The item goes with it; false: nothing can be measured until it is mended. */
  readonly skippable: boolean;
}

/** Words of a dataset's own and what they mean. */
export type OwnLabels = Readonly<Record<string, 'prohibited' | 'allowed' | 'ambiguous'>>;

/** What an importer found. */
export interface Imported {
  readonly name: string;
  readonly items: readonly Item[];
  readonly labels: OwnLabels;
  readonly problems: readonly DatasetProblem[];
}

/** An item of which nothing is said yet. */
export const bareItem = (file: string, kind: Item['kind']): Item => ({
  file,
  kind,
  tags: {},
  size: null,
  place: [],
  view: null,
  people: null,
  sign: [],
  signWords: [],
  masks: [],
  zones: null,
  objects: null,
});

export const always = <T>(value: T): Timed<T> => ({ value, from: 0, to: null });

const STILL = /\.(jpe?g|png|webp|bmp|gif|tiff?|avif)$/i;
const CLIP = /\.(mp4|m4v|mov|mkv|webm|avi|ts|mts|m2ts|mpe?g|h264|264|h265|265|hevc|flv|wmv|3gp|mjpe?g)$/i;

/** What a file is, by its name; null where it is neither. */
export const kindOf = (file: string): Item['kind'] | null =>
  STILL.test(file) ? 'still' : CLIP.test(file) ? 'clip' : null;

/** How a problem is printed: `path:line: what is wrong`. */
export const formatDatasetProblem = ({ path, line, message }: DatasetProblem): string =>
  `${path}${line === null ? '' : `:${line}`}: ${message}`;
