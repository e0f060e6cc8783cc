import { z } from 'zod';
import { area, findFlaw, type PolygonFlaw } from '../masking/polygon.js';
import { DEFAULT_PADDING_PX, ZONE_ACTIONS, ZONE_KINDS, ZONE_STYLES } from '../zones/zone.js';
import { parseBitrate } from './bitrate.js';
import { parseListenAddress } from './listen-address.js';
import { PLACES } from './place.js';
import type { Reading } from './reading.js';
import {
  GUARD_ACCEPTS,
  GUARD_MODES,
  HARDWARE_USES,
  OUTPUT_CODECS,
  RULE_PACKS,
  TRANSPORTS,
  UNIT_TYPES,
} from './site.js';
import { parseRtspUrl, parseSource } from './source.js';

/** Loopback: whoever opens the gateway to a network says so. */
export const DEFAULT_HTTP = '127.0.0.1:8080';
export const DEFAULT_RTSP = '127.0.0.1:8554';
/** What one machine's uplink carries of 4 Mb/s streams, nearly; more readers belong behind a media server. */
export const DEFAULT_MAX_CLIENTS = 200;
export const DEFAULT_STORAGE_DIR = './data';
/** No latency is spent unless it is asked for. */
export const DEFAULT_LOOK_AHEAD = 0;
/** Two seconds at 25 fps; each held frame of 1080p takes 3 MB. */
export const MAX_LOOK_AHEAD = 50;
/** A tenth of a 1080p picture's height, twice over: beyond it the polygon itself should be larger. */
export const MAX_PADDING_PX = 256;
/** Ten minutes, often enough for a sign that has to be visible all day. */
export const DEFAULT_SIGN_WITHIN_S = 600;
/** Words of common signs, Chinese and English. */
export const DEFAULT_SIGN_WORDS = [
  '视频监控',
  '监控区域',
  '图像采集',
  '电子监控',
  'CCTV',
  'video surveillance',
] as const;
/** Bounds that keep the comparison of zone sets, quadratic in edges, within milliseconds. */
export const MAX_ZONES = 64;
export const MAX_POLYGON_POINTS = 100;
export const MAX_CAMERAS = 256;
/** Of the picture: 20 pixels of 1080p. Less is a slip of the hand and would protect nothing. */
export const MIN_ZONE_AREA = 1e-5;
/** Camera and zone ids: they become paths, file names and metric labels. */
export const SLUG = /^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/;

const MAX_TEXT = 200;

/** A schema for a scalar with a form of its own; keeps the reason and the cure for whoever explains the failure. */
const reading = <T>(read: (text: string) => Reading<T>) =>
  z.string().transform((text, context): T => {
    const result = read(text);
    if (result.ok) return result.value;
    context.issues.push({
      code: 'custom',
      input: text,
      message: result.message,
      params: { code: result.code, cure: result.cure },
    });
    return z.NEVER;
  });

const text = (description: string) => z.string().min(1).max(MAX_TEXT).describe(description);

const slug = (description: string) =>
  z.string().regex(SLUG).describe(`${description} Lower-case letters, digits and hyphens, at most 64.`);

const coordinate = z.number().min(0).max(1);
const point = z.tuple([coordinate, coordinate]);

const polygon = z
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

const describeFlaw = (flaw: PolygonFlaw): { code: string; message: string; cure: string } => {
  const nth = (index: number) => `point ${index + 1}`;
  const inOrder = 'List the corners in the order in which one walks around the area.';
  switch (flaw.flaw) {
    case 'crossing':
      return {
        code: 'polygon-crosses-itself',
        message: `The polygon crosses itself: the side after ${nth(flaw.edges[0])} crosses the side after ${nth(flaw.edges[1])}.`,
        cure: inOrder,
      };
    case 'touching':
      return {
        code: 'polygon-touches-itself',
        message: `The polygon touches itself: ${nth(flaw.point)} lies on the side after ${nth(flaw.edge)}.`,
        cure: `${inOrder} Draw two zones where two areas meet in a point.`,
      };
    case 'folded':
      return {
        code: 'polygon-folds-back',
        message: `The polygon runs back over itself at ${nth(flaw.point)}.`,
        cure: `Remove ${nth(flaw.point)}.`,
      };
    case 'repeated-point':
      return {
        code: 'polygon-repeats-point',
        message: `Points ${flaw.points[0] + 1} and ${flaw.points[1] + 1} of the polygon are the same.`,
        cure: `Remove ${nth(flaw.points[1])}; the polygon closes by itself.`,
      };
    case 'no-area':
      return {
        code: 'polygon-without-area',
        message: 'The polygon encloses nothing: all its points lie on one line.',
        cure: 'Draw it around the whole area that is to be hidden.',
      };
    case 'too-few-points':
    case 'not-finite':
      return { code: 'polygon-malformed', message: 'This is not a polygon.', cure: 'Give three or more points.' };
  }
};

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
  })
  .describe('A privacy zone.');

/** The zones of one camera. */
export const zonesSchema = z.array(zoneSchema).max(MAX_ZONES);

const responsibleUnit = z.union([
  z
    .string()
    .min(1)
    .max(MAX_TEXT)
    .transform((name) => ({ name, type: 'other' as const })),
  z.strictObject({
    name: text('Name of the unit.'),
    type: z
      .enum(UNIT_TYPES)
      .default('other')
      .describe('Decides which penalties apply: Art. 42 punishes state organs alone.'),
  }),
]);

const rtspUrl = reading(parseRtspUrl);

const cameraSchema = z
  .strictObject({
    id: slug('Name of the camera, unique in the site: its masked stream is rtsp://HOST:8554/<id>.'),
    source: reading(parseSource).describe(
      'rtsp://, rtsps://, the path of a video file (relative to the site file), or demo:lobby. ${VAR} takes a value from the environment; in front of "@" it is percent-encoded for you.',
    ),
    transport: z
      .enum(TRANSPORTS)
      .default('auto')
      .describe('How RTP is carried. auto: TCP, then UDP where the camera refuses it.'),
    tls: z
      .strictObject({
        verify: z.boolean().default(true).describe("Check the camera's certificate."),
        ca: text('PEM file with the authorities to trust, relative to the site file.').optional(),
      })
      .optional()
      .describe('rtsps:// only.'),
    loop: z.boolean().optional().describe('Files only: begin again at the end (default true).'),
    place: z.enum(PLACES).describe('What the camera looks at. A place of Art. 15 is withheld from the start.'),
    public: z.boolean().default(true).describe('A public place: Art. 16 wants a sign.'),
    approval: text('Number of the approval (Art. 14).').optional(),
    responsibleUnit: responsibleUnit.optional().describe("Where it is not the site's."),
    zones: zonesSchema.describe('Privacy zones. Mandatory; [] needs "unmasked".'),
    unmasked: text('Why nothing is masked in this picture.').optional(),
    sign: z
      .strictObject({
        expect: z
          .array(z.string().min(1).max(MAX_TEXT))
          .min(1)
          .max(50)
          .default([...DEFAULT_SIGN_WORDS])
          .describe('Words of which at least one must be read.'),
        within: z
          .int()
          .min(10)
          .max(86_400)
          .default(DEFAULT_SIGN_WITHIN_S)
          .describe('Seconds within which it must have been seen.'),
        region: polygon.optional().describe('Where in the picture it hangs. Default: anywhere.'),
      })
      .optional()
      .describe('The sign of Art. 16, looked for in this picture.'),
    lookAhead: z
      .int()
      .min(0)
      .max(MAX_LOOK_AHEAD)
      .default(DEFAULT_LOOK_AHEAD)
      .describe('Frames held back before masking, so that a verdict can still withhold them. Each costs latency.'),
    guard: z
      .strictObject({
        mode: z
          .enum(GUARD_MODES)
          .default('withhold')
          .describe(
            'When the view moves. withhold: show nothing until it is back. follow: move zones with small drifts. strict: any change withholds. off: do not look.',
          ),
        accept: z
          .enum(GUARD_ACCEPTS)
          .default('auto')
          .describe('Who accepts the view. auto: the first stable one. manual: a person.'),
      })
      .prefault({})
      .describe('Whether this is still the view that the zones were drawn on.'),
    output: z
      .strictObject({
        codec: z.enum(OUTPUT_CODECS).default('h264').describe('Codec of the masked stream.'),
        bitrate: reading(parseBitrate).optional().describe("4M or 800k. Default: the source's."),
        onDemand: z.boolean().default(true).describe('The encoder sleeps while nobody watches.'),
        hardware: z
          .enum(HARDWARE_USES)
          .default('off')
          .describe("auto: try the machine's hardware codecs first, fall back to software."),
      })
      .prefault({})
      .describe('The masked stream.'),
    publish: z
      .union([rtspUrl.transform((url) => [url]), z.array(rtspUrl).max(8)])
      .optional()
      .describe('Media servers to which the masked stream is pushed: an rtsp(s):// address, or a list of them.'),
  })
  .describe('A camera.');

/** The whole site file. What no schema of one value can say is in `cross-checks.ts`. */
export const siteSchema = z
  .strictObject({
    version: z.literal(1).describe('Version of this format.'),
    site: z
      .strictObject({
        name: text('Name of the site.'),
        responsibleUnit: responsibleUnit.describe('Who is responsible (Art. 14): a name, or name and type.'),
        rules: z.enum(RULE_PACKS).default('cn-2012').describe('Rule pack: the Regulation of 2012, or Decree 799.'),
        approval: text('Number of the approval (Art. 14) that covers all cameras.').optional(),
      })
      .describe('Where this is and who answers for it.'),
    server: z
      .strictObject({
        http: reading(parseListenAddress)
          .prefault(DEFAULT_HTTP)
          .describe('Address of console and API. Other than loopback needs behindProxy.'),
        rtsp: reading(parseListenAddress)
          .prefault(DEFAULT_RTSP)
          .describe('Address of the masked streams. Other than loopback needs rtspUsers or behindProxy.'),
        maxClients: z
          .int()
          .min(1)
          .max(10_000)
          .default(DEFAULT_MAX_CLIENTS)
          .describe('RTSP clients that play at the same time.'),
        rtspUsers: z
          .array(
            z.strictObject({
              name: text('User name.').regex(/^[^:"\\\p{Cc}]+$/u),
              password: text('Password; better a ${VAR} than the word itself.'),
            }),
          )
          .max(100)
          .optional()
          .describe('Who may watch over RTSP (digest authentication). Default: anyone who reaches the address.'),
        behindProxy: z
          .boolean()
          .default(false)
          .describe('I vouch for what stands before the listeners: TLS, a firewall, a container network.'),
      })
      .prefault({})
      .describe('Where the gateway listens, and for whom.'),
    storage: z
      .strictObject({
        dir: text('Folder of everything kept, relative to the site file.').default(DEFAULT_STORAGE_DIR),
      })
      .prefault({})
      .describe('Where things are kept.'),
    cameras: z.array(cameraSchema).min(1).max(MAX_CAMERAS).describe('One entry a camera.'),
  })
  .describe('Site file of the Veilgate privacy gateway.');

/** The site file after zod: every default filled in, scalars read, paths still relative. */
export type ParsedSite = z.output<typeof siteSchema>;
export type ParsedCamera = ParsedSite['cameras'][number];
