/**
 * What the API takes and gives. Requests are checked against these schemas, `/openapi.json` is made from them, and the tests hold every
 * answer to them.
 */
import { z } from 'zod';
import { OFFLINE_REASONS, STARTING_REASONS, WITHHELD_REASONS } from '../camera/state.js';
import { zoneSchema, zonesSchema } from '../config/zone-schema.js';
import { attestationSchema } from '../record/sign-attestations.js';
import { VIEW_STANDINGS } from '../zones/view-store.js';

/** A value that nobody may write to; what handlers return of a schema's output. */
export type Frozen<T> = T extends object ? { readonly [K in keyof T]: Frozen<T[K]> } : T;

const count = z.int().min(0);
const instant = (description: string) => z.iso.datetime().describe(description);
const milliseconds = z.number().min(0);
const share = (description: string) => z.number().min(0).max(1).describe(description);
const size = z.strictObject({ width: z.int().min(1), height: z.int().min(1) });

/** How a zone set masks less than the one before. */
export const zoneLossSchema = z
  .strictObject({
    zone: z.string().describe('The zone that is in force and would lose something.'),
    weakenings: z.array(
      z.enum([
        'removed',
        'flagged',
        'people-only',
        'weaker-style',
        'less-padding',
        'shrunk-or-moved',
        'smaller-cells',
        'too-intricate',
      ]),
    ),
    share: share('Share of the picture that would be masked less, or not at all.'),
    bare: share('Of it, the share that would not be masked at all.'),
    message: z.string().describe('All of it in one sentence.'),
  })
  .describe('What a zone loses against the zones in force.');

const sourceSchema = z
  .strictObject({
    codec: z.string(),
    width: z.int().min(1).describe('Pixels.'),
    height: z.int().min(1).describe('Pixels.'),
    fps: z.number().min(0).nullable().describe('Pictures a second that the source promises; null where it does not.'),
    offersAudio: z.boolean().describe('The camera offers sound. It is never taken.'),
    encoder: z.string(),
    decoder: z.string(),
  })
  .describe('What the camera turned out to send.');

const REASONS = [...STARTING_REASONS, ...WITHHELD_REASONS, ...OFFLINE_REASONS] as const;

export const cameraSchema = z
  .strictObject({
    id: z.string(),
    place: z.string().describe('What the camera is declared to look at.'),
    stream: z.string().describe('Address of the masked stream.'),
    state: z
      .enum(['starting', 'masked', 'withheld', 'offline'])
      .describe('Viewers get the masked picture in `masked`, and a slate in every other state.'),
    reason: z.enum(REASONS).nullable().describe('Why there is no picture; null in `masked`.'),
    explanation: z.string().describe('State and reason in a sentence.'),
    detail: z.string().nullable().describe('What failed, in words; null where nothing did.'),
    since: instant('Since when the stream is in this state.'),
    fps: z
      .number()
      .min(0)
      .describe('Masked pictures of the last second. 0 while nobody watches and the encoder sleeps.'),
    latency: z
      .strictObject({ p50: milliseconds, p95: milliseconds, p99: milliseconds })
      .nullable()
      .describe(
        "Milliseconds from the last packet of a camera's picture to the masked packets handed to clients, over the last pictures; null before the first.",
      ),
    maskedArea: share('Share of the picture that is masked.'),
    clients: count.describe('Viewers of the stream.'),
    sourceUrl: z.string().describe('Where the pictures come from, without its secrets.'),
    source: sourceSchema.nullable().describe('null until the camera was reached.'),
    zoneRevision: count.describe('The zone revision in force; 0 before the first.'),
    pendingLosses: z
      .array(zoneLossSchema)
      .nullable()
      .describe('What the zones of the site file would mask less, while they wait for a person; null where none wait.'),
    view: z
      .strictObject({
        standing: z
          .enum(VIEW_STANDINGS)
          .describe(
            '`learning`: the first stable view is awaited; `uniform`, `unsteady`: nothing can be learned of the present one, and one that a person accepted is withheld when it changes; `unaccepted`: a person must accept one.',
          ),
        acceptedBy: z.string().nullable().describe('A name, or `first stable view`.'),
        acceptedAt: instant('When it was accepted.').nullable(),
      })
      .describe('The view that the zones were drawn on.'),
    sign: z
      .strictObject({
        state: z
          .enum(['visible', 'degraded', 'missing', 'unknown'])
          .nullable()
          .describe('As this camera sees it; null: it is not looked for in its picture.'),
        detail: z
          .string()
          .nullable()
          .describe(
            'What shows that it is there (what was read, or its reference photo), what is wrong with it, or why it is not known.',
          ),
        attestedBy: z.string().nullable().describe('Who showed by a photo that it hangs; null: nobody.'),
        attestedUntil: instant('Until when that counts.').nullable(),
      })
      .describe('The sign of Art. 16 of the Regulation.'),
    interruption: z
      .strictObject({
        reason: z.enum(REASONS).describe('What began it.'),
        since: instant('When the picture was lost.'),
        until: instant('When there was a picture again; null: not yet.').nullable(),
      })
      .nullable()
      .describe('The last time without a picture, however short; null: none since the first picture.'),
    workerPid: z.int().nullable().describe('The process that decodes and masks; null while there is none.'),
  })
  .describe('A camera.');

export const camerasSchema = z.strictObject({ cameras: z.array(cameraSchema) }).describe('All cameras of the site.');

/** What of a camera's history is asked for. */
export const historyQuery = z.object({
  since: z.iso.datetime().optional().describe('From the minute on that this lies in; else the whole day.'),
});

export const historySchema = z
  .strictObject({
    minutes: z.array(
      z.strictObject({
        at: instant('When the minute began.'),
        fps: z.number().min(0).describe('Masked pictures a second, over the minute, or as much of it as has passed.'),
        p50: milliseconds.describe('Median latency in the gateway, ms.'),
        p99: milliseconds,
      }),
    ),
  })
  .describe("A camera's last day, by the minute, as far as the gateway runs. Minutes without a picture are left out.");

const unmasked = z.string().min(1).max(200).describe('Why nothing is masked, where nothing is.');

export const cameraZonesSchema = z
  .strictObject({
    revision: count.describe('The zone revision in force; 0 before the first.'),
    inForce: z
      .strictObject({ zones: z.array(zoneSchema), unmasked: unmasked.nullable() })
      .nullable()
      .describe('What is masked now; null where the record of it cannot be read, and the stream is withheld.'),
    pending: z
      .strictObject({ zones: z.array(zoneSchema), unmasked: unmasked.nullable(), losses: z.array(zoneLossSchema) })
      .nullable()
      .describe('Zones of the site file that mask less, and wait for a person; null where none wait.'),
  })
  .describe('The zones of a camera.');

export const zoneRevisionSchema = z
  .strictObject({
    camera: z.string(),
    revision: z.int().min(1),
    zones: z.array(zoneSchema),
    unmasked: unmasked.nullable(),
    geometry: size
      .nullable()
      .describe('The accepted picture size, of which only the shape counts; null: the first one seen is accepted.'),
    acceptedBy: z.string(),
    acceptedAt: instant('When it was accepted.'),
    source: z.enum(['site-file', 'api', 'cli']).describe('By what way it came in.'),
  })
  .describe('One accepted set of zones. Never changed, only followed by another one.');

export const zoneHistorySchema = z
  .strictObject({ revisions: z.array(zoneRevisionSchema) })
  .describe('Every zone revision of a camera, oldest first.');

/** The body of a zone change; `parseZoneChange` says what is wrong with one in sentences, and checks what no schema can. */
export const zoneChangeSchema = z
  .strictObject({ zones: zonesSchema, unmasked: unmasked.optional() })
  .describe('The zones to put in force, as the site file writes them. An empty list needs `unmasked`.');

export const signAttestationSchema = attestationSchema.describe(
  'A photo of a sign that no camera sees, as `veilgate sign attest` read and kept it.',
);

export const withheldSchema = z
  .strictObject({ withheld: z.boolean() })
  .describe('Whether the stream is withheld on an operator’s word.');

export const errorSchema = z
  .strictObject({
    error: z.strictObject({
      code: z.string().describe('Stable: for programs.'),
      message: z.string().describe('What is wrong and what to do about it: for people.'),
      approval: z.string().optional().describe('The request that waits for a second person, where this takes two.'),
      problems: z
        .array(z.strictObject({ path: z.string(), code: z.string(), message: z.string(), cure: z.string() }))
        .optional()
        .describe('Every fault of the body, each with its path.'),
    }),
  })
  .describe('Why a request was not served.');

export const aliveSchema = z
  .strictObject({
    status: z.literal('alive'),
    service: z.literal('veilgate').describe('What answers: no other program does so.'),
  })
  .describe('The process answers.');

export const readySchema = z
  .strictObject({
    ready: z.boolean(),
    config: z.boolean().describe('The site file is valid.'),
    http: z.boolean().describe('The HTTP listener is up.'),
    rtsp: z.boolean().describe('The RTSP listener is up.'),
    store: z.boolean().describe('The store of alerts and people keeps what it is given; not needed to be ready.'),
  })
  .describe('Whether the gateway serves; what its cameras do has no part in it.');

export const openApiSchema = z.record(z.string(), z.unknown()).describe('An OpenAPI 3.1 document: this one.');
