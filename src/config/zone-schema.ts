import { z } from 'zod';
import { area, findFlaw } from '../masking/polygon.js';
import { DEFAULT_PADDING_PX, ON_PERSON, ZONE_ACTIONS, ZONE_KINDS, ZONE_MASKS, ZONE_STYLES } from '../zones/zone.js';
import { describeFlaw } from './polygon-flaw.js';

/** A tenth of a 1080p picture's height, twice over: beyond it the polygon itself should be larger. */
export const MAX_PADDING_PX = 256;
/** Bounds that keep the comparison of zone sets, quadratic in edges, within milliseconds. */
export const MAX_ZONES = 64;
export const MAX_POLYGON_POINTS = 100;
/** Of the picture: 20 pixels of 1080p. Less is a slip of the hand and would protect nothing. */
export const MIN_ZONE_AREA = 1e-5;
/** A day: what stays longer is no visitor. */
export const MAX_DWELL_S = 86_400;
/** Camera and zone ids: they become paths, file names and metric labels. */
export const SLUG = /^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/;

/** The schema of an id. */
export const slug = (description: string) =>
  z.string().regex(SLUG).describe(`${description} Lower-case letters, digits and hyphens, at most 64.`);

const coordinate = z.number().min(0).max(1);
const point = z.tuple([coordinate, coordinate]);

/** The schema of a simple polygon that encloses an area, in shares of the picture. */
export const polygon = z
  .array(point)
  .min(3)
  .max(MAX_POLYGON_POINTS)
  .superRefine((points, context) => {
    if (points.length < 3 || points.length > MAX_POLYGON_POINTS) return; // already said; the look for flaws is quadratic
    const flaw = findFlaw(points);
    if (flaw !== null) {
      const { code, message, cure } = describeFlaw(flaw);
      context.addIssue({ code: 'custom', message, params: { code, cure } });
    } else if (area(points) < MIN_ZONE_AREA) {
      context.addIssue({
        code: 'custom',
        message: 'The polygon is a sliver: it encloses less than 0.001 % of the picture.',
        params: { code: 'polygon-sliver', cure: 'Draw it around the whole area that is to be hidden.' },
      });
    }
  });

/** One privacy zone, as the site file and the API write it. */
export const zoneSchema = z
  .strictObject({
    id: slug('Name of the zone, unique within its camera.'),
    kind: z
      .enum(ZONE_KINDS)
      .describe(
        'What the zone hides. Kinds of Art. 15 (restroom, bathroom, changing-room, guest-room, dormitory, nursing-room) take the solid style only.',
      ),
    polygon: polygon.describe(
      'Three or more corners [x, y], in order, each a share (0 to 1) of the displayed picture: x of its width from the left, y of its height from the top. The sides may not cross or touch.',
    ),
    action: z
      .enum(ZONE_ACTIONS)
      .default('mask')
      .describe('mask: burned into every picture. flag: left visible, what enters it is reported.'),
    style: z
      .enum(ZONE_STYLES)
      .default('solid')
      .describe('solid: irreversible. pixelate, blur: nicer to look at, but some of it can be recovered over time.'),
    padding: z
      .int()
      .min(0)
      .max(MAX_PADDING_PX)
      .default(DEFAULT_PADDING_PX)
      .describe('Pixels of the source added on every side.'),
    mask: z
      .enum(ZONE_MASKS)
      .optional()
      .describe(
        'What is masked. all (default): all of the zone. people: whoever is in it, and all of it while that is not known. Not for kinds of Art. 15.',
      ),
    onPerson: z
      .enum(ON_PERSON)
      .optional()
      .describe(
        'When somebody enters. ignore (default), count: how many are there is told in the metrics, alert: an operator is told.',
      ),
    dwell: z
      .int()
      .min(1)
      .max(MAX_DWELL_S)
      .optional()
      .describe('Seconds that somebody may stay before an operator is told; with onPerson: alert. Default: for ever.'),
  })
  .describe('A privacy zone.');

/** The zones of one camera. */
export const zonesSchema = z.array(zoneSchema).max(MAX_ZONES);
