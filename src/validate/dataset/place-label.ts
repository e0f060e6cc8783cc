import { ORDINARY_PLACES } from '../../config/place.js';
import { PROHIBITED_KINDS } from '../../zones/zone.js';
import type { OwnLabels } from './item.js';

/** What the Regulation, Art. 15 says of a place. `ambiguous`: it depends on what is not in the picture; such places are not scored. */
export type Side = 'prohibited' | 'allowed' | 'ambiguous';

/** Names that datasets have for places of Art. 15, besides the product's own. */
const PROHIBITED_WORDS = [
  ...[
    'prohibited',
    'bedroom',
    'hotel room',
    'hotel bedroom',
    'dorm room',
    'dormitory room',
    'guestroom',
    'youth hostel',
  ],
  ...['toilet', 'washroom', 'lavatory', 'public toilet', 'urinal', 'shower', 'shower room', 'bathhouse', 'public bath'],
  ...['sauna', 'locker room', 'dressing room', 'fitting room', 'nursery room', 'lactation room'],
  ...[
    '厕所',
    '卫生间',
    '洗手间',
    '浴室',
    '淋浴间',
    '公共浴室',
    '更衣室',
    '试衣间',
    '客房',
    '宿舍',
    '集体宿舍',
    '哺乳室',
    '母婴室',
    '禁止',
  ],
];

/** Rooms and places of Places365 and of everyday, where a camera may hang. */
const ALLOWED_WORDS = [
  ...['allowed', 'airport terminal', 'art gallery', 'auditorium', 'bakery shop', 'ballroom', 'banquet hall', 'bar'],
  ...['beauty salon', 'bookstore', 'bus interior', 'butchers shop', 'candy store', 'classroom', 'clothing store'],
  ...['coffee shop', 'conference room', 'corridor', 'courtyard', 'dining room', 'driveway', 'entrance hall'],
  ...['food court', 'gas station', 'highway', 'kindergarden classroom', 'kindergarten classroom', 'kitchen'],
  ...['laundromat', 'living room', 'lobby', 'market outdoor', 'martial arts gym', 'museum indoor', 'office'],
  ...['parking lot', 'parking garage', 'playground', 'restaurant', 'skyscraper', 'slum', 'staircase'],
  ...['subway station platform', 'supermarket', 'swimming pool outdoor', 'yard', 'hallway', 'store', 'mall'],
  ...['shopping mall', 'train station', 'bank', 'hotel lobby', 'elevator lobby', 'street', 'road', 'alley', 'plaza'],
  ...['大堂', '走廊', '办公室', '餐厅', '商店', '超市', '停车场', '街道', '允许'],
];

/** Prohibited or not by what the picture does not show: a ward, a spring in the open. */
const AMBIGUOUS_WORDS = ['hospital room', 'hot spring', 'ambiguous', 'unsure'];

/** One spelling for `locker_room`, `Locker Room` and `subway_station-platform`. */
export const placeKey = (label: string): string =>
  label
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\s_\-/]+/g, ' ')
    .trim();

const KNOWN: ReadonlyMap<string, Side> = new Map<string, Side>([
  ...[...ORDINARY_PLACES, ...ALLOWED_WORDS].map((word) => [placeKey(word), 'allowed'] as const),
  ...AMBIGUOUS_WORDS.map((word) => [placeKey(word), 'ambiguous'] as const),
  ...[...PROHIBITED_KINDS, ...PROHIBITED_WORDS].map((word) => [placeKey(word), 'prohibited'] as const),
]);

/** What a label means, by the dataset's own words first; null where nobody knows it. */
export const sideOf = (label: string, own: OwnLabels = {}): Side | null => {
  const key = placeKey(label);
  const said = Object.entries(own).find(([word]) => placeKey(word) === key);
  return said?.[1] ?? KNOWN.get(key) ?? null;
};
