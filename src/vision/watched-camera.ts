import type { Place } from '../config/place.js';
import type { OnPerson, Point } from '../zones/zone.js';

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
