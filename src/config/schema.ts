import { z } from 'zod';
import { parseBitrate } from './bitrate.js';
import { parseListenAddress } from './listen-address.js';
import { alertsSchema, notifySchema, postgresUrl } from './notify-schema.js';
import { PLACES } from './place.js';
import type { Reading } from './reading.js';
import { retentionSchema } from './retention-schema.js';
import { parseServiceUrl } from './service-url.js';
import {
  CAMERA_MASKS,
  GUARD_ACCEPTS,
  GUARD_MODES,
  HARDWARE_USES,
  OUTPUT_CODECS,
  PREVIEW_KINDS,
  RULE_PACKS,
  SLATE_LANGUAGES,
  TRANSPORTS,
  UNIT_TYPES,
  VISION_MODES,
} from './site.js';
import { parseRtspUrl, parseSource } from './source.js';
import { polygon, slug, zonesSchema } from './zone-schema.js';

export { zoneSchema, zonesSchema } from './zone-schema.js';

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
/** Ten minutes, often enough for a sign that has to be visible all day. */
export const DEFAULT_SIGN_WITHIN_S = 600;
/** Of `within`: an hour of daylight at the default. */
export const DEFAULT_SIGN_MISSING_LOOKS = 6;
/** Words of common signs, Chinese and English. */
export const DEFAULT_SIGN_WORDS = [
  '视频监控',
  '监控区域',
  '图像采集',
  '电子监控',
  '监控录像',
  '视频采集',
  'CCTV',
  'video surveillance',
  'under surveillance',
  'surveillance camera',
  'security camera',
] as const;
/** A hundredth of the way from one end to the other, half a percent: presets are reached more closely. */
export const DEFAULT_PTZ_TOLERANCE = 0.01;
/** The guard notices by the picture meanwhile. */
export const DEFAULT_PTZ_EVERY_S = 1;
/** No camera has more frames a second that are worth looking at. */
export const MAX_PEOPLE_RATE = 60;
/** Of the two whose weights come along the better one: docs/models.md. */
export const DEFAULT_DETECTOR = 'nanodet-int8';
/** One: what cores there are belong to the streams. */
export const DEFAULT_VISION_CORES = 1;
/** More belong on several machines. */
export const MAX_CAMERAS = 256;
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
    mask: z
      .enum(CAMERA_MASKS)
      .optional()
      .describe(
        'What is masked beside the zones. people: everybody, wherever they are, and the whole picture while that is not known. zones (default): nothing.',
      ),
    people: z
      .strictObject({
        rate: z
          .number()
          .min(0.1)
          .max(MAX_PEOPLE_RATE)
          .optional()
          .describe('Looks a second while something moves. Default: 2; 8 where people are masked.'),
      })
      .prefault({})
      .describe('How people are looked for, where zones or the mask ask for them.'),
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
          .describe('Seconds between looks: within so long it must be seen again.'),
        missingAfter: z
          .int()
          .min(10)
          .max(30 * 86_400)
          .optional()
          .describe(
            'Seconds of daylight that it may be missing, or hard to read, before it is a finding. Default: 6 looks.',
          ),
        region: polygon.optional().describe('Where in the picture it hangs. Default: anywhere.'),
        reference: text(
          'Photo of the sign alone, from the front, relative to the site file: the sign is known again by it where it cannot be read, and what of it is hidden is told by it.',
        ).optional(),
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
            'When the view moves. withhold: show nothing until it is back. follow: the same, and small drifts are masked where zones were accepted and where they are seen. strict: any change withholds. off: do not look.',
          ),
        accept: z
          .enum(GUARD_ACCEPTS)
          .default('auto')
          .describe('Who accepts the view. auto: the first stable one. manual: a person.'),
      })
      .prefault({})
      .describe('Whether this is still the view that the zones were drawn on.'),
    ptz: z
      .strictObject({
        preset: text('ONVIF preset, by name or token, at which the zones were drawn.'),
        service: reading(parseServiceUrl(['http', 'https'], 'http://USER:PASSWORD@HOST/onvif/device_service'))
          .optional()
          .describe(
            "ONVIF device service. Default: /onvif/device_service at the source's host, with its user and password.",
          ),
        tolerance: z
          .number()
          .min(0)
          .max(0.5)
          .default(DEFAULT_PTZ_TOLERANCE)
          .describe("How far pan, tilt and zoom may be from the preset's, in the camera's units (of most, -1 to 1)."),
        every: z.number().min(0.2).max(60).default(DEFAULT_PTZ_EVERY_S).describe('Seconds between questions.'),
      })
      .optional()
      .describe(
        'Cameras that can be turned: anywhere but at this preset, or where that is not known, nothing is shown.',
      ),
    output: z
      .strictObject({
        codec: z.enum(OUTPUT_CODECS).default('h264').describe('Codec of the masked stream.'),
        bitrate: reading(parseBitrate).optional().describe("At most: 4M or 800k. Default: the source's."),
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
        rules: z
          .enum(RULE_PACKS)
          .default('cn-2012')
          .describe(
            'Rule pack: the Regulation of 2012, or Decree 799 (unverified: its article numbers were not compared with its text).',
          ),
        approval: text('Number of the approval (Art. 14) that covers all cameras.').optional(),
      })
      .describe('Where this is and who answers for it.'),
    server: z
      .strictObject({
        http: reading(parseListenAddress)
          .prefault(DEFAULT_HTTP)
          .describe('Address of console and API. Other than loopback needs tls or behindProxy.'),
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
        tls: z
          .strictObject({
            cert: text('PEM file with the certificate and those that vouch for it, relative to the site file.'),
            key: text('PEM file with its private key, relative to the site file.'),
          })
          .optional()
          .describe('Console and API over HTTPS. Files that are renewed are taken up within an hour.'),
        preview: z
          .enum(PREVIEW_KINDS)
          .default('off')
          .describe(
            'jsmpeg: browsers without Media Source Extensions get MPEG-1 that ffmpeg (on PATH) makes while somebody looks. off: a picture a second.',
          ),
        language: z
          .enum(SLATE_LANGUAGES)
          .default('en')
          .describe(
            'Of the slates that viewers get while a picture is withheld: en or zh. The console has a switch of its own.',
          ),
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
        logKey: text(
          'Public key of the audit log, or its fingerprint, as `veilgate keys show` prints it: under another key nothing is recorded or accepted.',
        ).optional(),
        witness: z
          .string()
          .min(1)
          .max(2000)
          .optional()
          .describe(
            'A second place that remembers how far the audit log had come: an http(s):// address, or a file (relative to the site file), better not on the same disk.',
          ),
        url: reading(postgresUrl)
          .optional()
          .describe('postgres://... keeps alerts and accounts in PostgreSQL; default: a SQLite file in the folder.'),
      })
      .prefault({})
      .describe('Where things are kept.'),
    vision: z
      .strictObject({
        mode: z
          .enum(VISION_MODES)
          .default('on')
          .describe(
            'on: pictures are looked at: what kind of place, who is there. off: nothing is; zones that mask people are masked as a whole.',
          ),
        cores: z.int().min(1).max(16).default(DEFAULT_VISION_CORES).describe('Cores that looking may take.'),
        detector: slug('Model that finds people: one that `veilgate models list` shows for objects.').default(
          DEFAULT_DETECTOR,
        ),
      })
      .prefault({})
      .describe('What looks at the pictures, in a process of its own for all cameras.'),
    zones: z
      .strictObject({
        twoPersons: z
          .boolean()
          .default(false)
          .describe(
            'Zones that mask less need two people: one who accepts them, and another who agrees. Turning it off takes two as well.',
          ),
      })
      .prefault({})
      .describe('How zones are accepted.'),
    commissioning: z
      .boolean()
      .default(false)
      .describe(
        'true: an integrator may look at the raw picture of a camera, for a reason and at most five minutes, to draw its zones; recorded. false: nobody ever sees one. Turning it on later takes two people.',
      ),
    alerts: alertsSchema,
    retention: retentionSchema,
    notify: notifySchema(reading),
    cameras: z
      .array(cameraSchema)
      .max(MAX_CAMERAS)
      .describe('One entry a camera. [] is a site that begins: the console adds the first one.'),
  })
  .describe('Site file of the Veilgate privacy gateway.');

/** The site file after zod: every default filled in, scalars read, paths still relative. */
export type ParsedSite = z.output<typeof siteSchema>;
export type ParsedCamera = ParsedSite['cameras'][number];
