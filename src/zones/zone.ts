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
}

/** The zones of one camera that are in force together. */
export type ZoneSet = readonly Zone[];

/** A picture size in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

export const isProhibitedKind = (kind: string): kind is ProhibitedKind =>
  (PROHIBITED_KINDS as readonly string[]).includes(kind);
