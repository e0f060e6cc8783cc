/** A point of the displayed picture: x to the right, y down, both normalised to [0, 1]. */
export type Point = readonly [x: number, y: number];

/** Kinds of place in which the Regulation, Art. 15 prohibits a camera. Masked with `solid` only. */
export const PROHIBITED_KINDS = [
  'restroom',
  'bathroom',
  'changing-room',
  'guest-room',
  'dormitory',
  'nursing-room',
] as const;
export type ProhibitedKind = (typeof PROHIBITED_KINDS)[number];

/** Every kind of zone; `private`, `neighbour` and `street` are privacy without a prohibition. */
export const ZONE_KINDS = [...PROHIBITED_KINDS, 'private', 'neighbour', 'street'] as const;
export type ZoneKind = (typeof ZONE_KINDS)[number];

/** How a zone is burned in, strongest first. Only `solid` is irreversible. */
export const ZONE_STYLES = ['solid', 'pixelate', 'blur'] as const;
export type ZoneStyle = (typeof ZONE_STYLES)[number];

/** `mask` burns the zone in; `flag` leaves the picture and lets findings be raised about what enters. */
export const ZONE_ACTIONS = ['mask', 'flag'] as const;
export type ZoneAction = (typeof ZONE_ACTIONS)[number];

/** What of a zone is masked: all of it, or the people in it (all of it too while it is not known where they are). */
export const ZONE_MASKS = ['all', 'people'] as const;
export type ZoneMask = (typeof ZONE_MASKS)[number];

/** What follows when somebody enters a zone. */
export const ON_PERSON = ['ignore', 'count', 'alert'] as const;
export type OnPerson = (typeof ON_PERSON)[number];

/** Pixels added around a polygon: covers a source's ringing and chroma bleed, which reach about one macroblock. */
export const DEFAULT_PADDING_PX = 16;

/** One privacy zone, drawn on the displayed picture (rotation and crop applied). */
export interface Zone {
  readonly id: string;
  readonly kind: ZoneKind;
  /** A simple polygon of 3 or more points. */
  readonly polygon: readonly Point[];
  readonly action: ZoneAction;
  readonly style: ZoneStyle;
  /** Pixels of the source's picture added on every side. */
  readonly padding: number;
  /** Left out: all. */
  readonly mask?: ZoneMask | undefined;
  /** Left out: ignore. */
  readonly onPerson?: OnPerson | undefined;
  /** Seconds that somebody may stay before it is reported. Left out: for ever. */
  readonly dwell?: number | undefined;
}

/** Corners of the whole picture. */
export const WHOLE_POLYGON: Zone['polygon'] = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
];

/** The zone that stands for a camera's own `mask: people`: the whole picture. */
export const EVERYBODY: Zone = {
  id: 'everybody',
  kind: 'private',
  polygon: WHOLE_POLYGON,
  action: 'mask',
  style: 'solid',
  padding: 0,
  mask: 'people',
};

/** Whether what is masked depends on where people are. */
export const masksPeople = ({ action, mask }: Zone): boolean => action === 'mask' && mask === 'people';

/** The zones of one camera that are in force together. */
export type ZoneSet = readonly Zone[];

/** A picture size in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

export const isProhibitedKind = (kind: string): kind is ProhibitedKind =>
  (PROHIBITED_KINDS as readonly string[]).includes(kind);
