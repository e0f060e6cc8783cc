import type { CameraConfig } from '../config/site.js';
import type { PeopleZone, WatchedCamera } from '../vision/watched-camera.js';
import { masksPeople, type ZoneSet } from '../zones/zone.js';

/** Looks for people a second: somebody crosses a zone in some seconds. */
export const DEFAULT_PEOPLE_RATE = 2;

/** Where people are masked: somebody who turns or begins to run is seen before he has left the room around his box. */
export const DEFAULT_MASK_RATE = 8;

/** What the vision process has to know of a camera. `zones` are those in force. */
export function watchedCamera(
  { id, place, people, sign }: Pick<CameraConfig, 'id' | 'place' | 'people' | 'sign'>,
  zones: ZoneSet,
): WatchedCamera {
  const peopleZones = zones.flatMap(({ id, polygon, onPerson, dwell }): PeopleZone[] =>
    onPerson === undefined || onPerson === 'ignore' ? [] : [{ id, polygon, onPerson, dwell: dwell ?? null }],
  );
  const masks = zones.some(masksPeople);
  const rate = people.rate ?? (masks ? DEFAULT_MASK_RATE : DEFAULT_PEOPLE_RATE);
  return {
    id,
    place,
    peopleRate: masks || peopleZones.length > 0 ? rate : null,
    peopleZones,
    sign: sign && { expect: sign.expect, region: sign.region, within: sign.within, reference: sign.reference },
  };
}
