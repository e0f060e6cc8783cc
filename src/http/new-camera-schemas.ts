/** What the routes take and give by which cameras are found and added. */
import { z } from 'zod';
import { PLACES } from '../config/place.js';
import { SLUG } from '../config/zone-schema.js';

const MAX_SOURCE = 1000;
const printable = /^[^\p{Cc}\p{Cs}]*$/u;

export const devicesSchema = z
  .strictObject({
    devices: z.array(
      z.strictObject({
        name: z.string().describe('As it calls itself; empty where it does not.'),
        hardware: z.string(),
        service: z.string().describe('Address of its device service.'),
      }),
    ),
  })
  .describe('ONVIF cameras that answered in the networks of the gateway.');

export const streamsQuestionSchema = z
  .strictObject({
    service: z
      .string()
      .max(500)
      .regex(/^https?:\/\/[^@\s]+$/i, 'This must be http://HOST/onvif/device_service.')
      .refine((text) => URL.canParse(text))
      .describe('ONVIF device service of the camera, without credentials.'),
    user: z.string().max(200).regex(printable).default(''),
    password: z.string().max(200).regex(printable).default('').describe('Sent to the camera, and kept nowhere.'),
  })
  .describe('A camera to be asked for its streams.');

const numberOrNull = z.number().nullable();

export const streamsSchema = z
  .strictObject({
    streams: z.array(
      z.strictObject({
        name: z.string().describe('Of its media profile.'),
        url: z.string().describe('Its RTSP address, without credentials.'),
        codec: z.string().nullable(),
        width: numberOrNull,
        height: numberOrNull,
        fps: numberOrNull,
      }),
    ),
  })
  .describe('The streams that a camera offers.');

export const newCameraSchema = z
  .strictObject({
    id: z.string().regex(SLUG).describe('Name of the camera, unique in the site.'),
    source: z
      .string()
      .min(1)
      .max(MAX_SOURCE)
      .regex(/^(rtsps?:\/\/|demo:)/i, 'This must begin with rtsp://, rtsps:// or demo:.')
      .regex(printable)
      .describe(
        'As the site file has it: rtsp://, rtsps:// or demo:. ${VAR} takes a value from the environment, for admins alone.',
      ),
    place: z.enum(PLACES).describe('What it looks at. A place of Art. 15 is withheld from the start.'),
  })
  .describe('A camera to be added to the site file. It begins wholly masked, until its zones are drawn.');

export const addedCameraSchema = z
  .strictObject({
    id: z.string(),
    file: z.string().describe('The site file.'),
    line: z.int().min(1).describe('Where its entry begins.'),
  })
  .describe('Written to the site file, which the gateway reads within a second.');
