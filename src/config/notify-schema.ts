/** The part of the site file that says what becomes of findings: how long alerts may wait, and who is told. */
import { z } from 'zod';
import { SEVERITIES } from '../rules/severity.js';
import type { Reading } from './reading.js';
import { parseServiceUrl } from './service-url.js';
import { slug } from './zone-schema.js';

/** Ten minutes: a guard's round. */
export const DEFAULT_ESCALATE_AFTER_MIN = 10;
/** Art. 21 says "at once": half an hour for whoever has to find the number. */
export const DEFAULT_REPORT_WITHIN_MIN = 30;
export const DEFAULT_MQTT_TOPIC = 'veilgate';
/** Where Home Assistant looks unless it is told otherwise. */
export const DEFAULT_DISCOVERY_PREFIX = 'homeassistant';
/** As SHA-256 has it: a shorter key is easier to guess than the signature. */
const MIN_SECRET = 16;
const A_WEEK_MIN = 7 * 24 * 60;

type Address = (parse: (text: string) => Reading<string>) => z.ZodType<string, string>;

const minutes = (preset: number, description: string) =>
  z.int().min(1).max(A_WEEK_MIN).default(preset).describe(description);
const topic = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[^#+\p{Cc}\s]+$/u, 'A topic has neither blanks nor the signs # and +.');
const severity = z.enum(SEVERITIES).default('low').describe('Only alerts at least as severe.');

export const alertsSchema = z
  .strictObject({
    escalateAfter: minutes(
      DEFAULT_ESCALATE_AFTER_MIN,
      'Minutes after which an alert that nobody acknowledged escalates.',
    ),
    reportWithin: minutes(
      DEFAULT_REPORT_WITHIN_MIN,
      'Minutes within which a confirmed alert must be reported (Art. 21).',
    ),
  })
  .prefault({})
  .describe('How long alerts may wait.');

/** @param reading makes a schema of a scalar with a form of its own */
export const notifySchema = (reading: Address) =>
  z
    .strictObject({
      webhooks: z
        .array(
          z.strictObject({
            id: slug('Names it in logs; unique.'),
            url: reading(parseServiceUrl(['http', 'https'], 'https://HOST/PATH')).describe(
              'Where each alert is posted.',
            ),
            secret: z
              .string()
              .min(MIN_SECRET)
              .max(500)
              .describe('Signs each body (HMAC-SHA-256), 16 characters or more; better a ${VAR} than the word itself.'),
            severity,
          }),
        )
        .max(20)
        .default([])
        .describe('Told of each alert and of each step of it, again and again until they answer.'),
      mqtt: z
        .strictObject({
          url: reading(parseServiceUrl(['mqtt', 'mqtts'], 'mqtts://USER:PASSWORD@HOST')).describe('Broker.'),
          topic: topic.default(DEFAULT_MQTT_TOPIC).describe('What every topic begins with.'),
          discovery: topic.default(DEFAULT_DISCOVERY_PREFIX).describe("Home Assistant's discovery prefix."),
          severity,
        })
        .optional()
        .describe('Told of the states of cameras and of alerts; Home Assistant finds them by itself.'),
    })
    .prefault({})
    .describe('Who is told of alerts, besides the console.');

export const postgresUrl = parseServiceUrl(['postgres', 'postgresql'], 'postgres://USER:PASSWORD@HOST/DATABASE');
