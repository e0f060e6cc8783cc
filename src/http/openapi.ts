import { z } from 'zod';
import { zoneSchema } from '../config/zone-schema.js';
import { type DocumentedAnswer, type Route, reply } from './route.js';
import {
  aliveSchema,
  cameraSchema,
  camerasSchema,
  cameraZonesSchema,
  errorSchema,
  openApiSchema,
  readySchema,
  withheldSchema,
  zoneChangeSchema,
  zoneHistorySchema,
  zoneLossSchema,
  zoneRevisionSchema,
} from './schemas.js';

type Json = Record<string, unknown>;

/** Names of what is sent; a request's zone may leave out what has a default. */
const REQUESTS = { ZoneChange: zoneChangeSchema, WithheldChange: withheldSchema, ZoneInput: zoneSchema };

/** Names of what is answered. */
const ANSWERS = {
  Alive: aliveSchema,
  Ready: readySchema,
  Camera: cameraSchema,
  Cameras: camerasSchema,
  CameraZones: cameraZonesSchema,
  Zone: zoneSchema,
  ZoneLoss: zoneLossSchema,
  ZoneRevision: zoneRevisionSchema,
  ZoneHistory: zoneHistorySchema,
  OpenApi: openApiSchema,
  Error: errorSchema,
};

const refTo = (name: string): string => `#/components/schemas/${name}`;

const nameOf = (schemas: Readonly<Record<string, z.ZodType>>, schema: z.ZodType): string => {
  const found = Object.entries(schemas).find(([, candidate]) => candidate === schema);
  if (!found) throw new Error('A route answers with a schema that has no name in openapi.ts.');
  return found[0];
};

/** `routes` and the one that answers with the document of them all, itself included. */
export const withDocument = (routes: readonly Route[], version: string): readonly Route[] => {
  const documentRoute: Route = {
    method: 'get',
    path: '/openapi.json',
    access: 'token',
    summary: 'This document.',
    operationId: 'getOpenApi',
    answers: { 200: { description: 'The OpenAPI document of this gateway.', content: openApiSchema } },
    handle: () => reply(openApiSchema, document),
  };
  const all = [...routes, documentRoute];
  const document = openApiDocument(all, version);
  return all;
};

/**
 * The OpenAPI 3.1 document of the API, made from the routes themselves and the zod schemas that check requests and answers.
 *
 * @param version of the gateway
 */
export const openApiDocument = (routes: readonly Route[], version: string): Json => {
  const paths: Record<string, Json> = {};
  for (const route of routes) paths[route.path] = { ...paths[route.path], ...operation(route) };
  return {
    openapi: '3.1.0',
    info: {
      title: 'Veilgate',
      version,
      description: 'Privacy gateway for camera streams: what leaves it is masked, whatever fails.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ adminToken: [] }],
    paths,
    components: {
      schemas: { ...schemasOf(REQUESTS, 'input'), ...schemasOf(ANSWERS, 'output') },
      responses: { Error: { description: 'The request was not served.', content: json('Error') } },
      securitySchemes: {
        adminToken: {
          type: 'http',
          scheme: 'bearer',
          description: 'VEILGATE_TOKEN, or what admin.token in storage.dir holds.',
        },
      },
    },
  };
};

/** JSON Schemas (2020-12, as OpenAPI 3.1 has them) that refer to each other by name. */
const schemasOf = (named: Readonly<Record<string, z.ZodType>>, io: 'input' | 'output'): Json => {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(named)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, { io, uri: refTo, target: 'draft-2020-12' });
  return Object.fromEntries(Object.entries(schemas).map(([id, { $id, $schema, ...schema }]) => [id, schema]));
};

const operation = ({ method, path, access, summary, operationId, body, answers }: Route): Json => {
  const cameraInPath = path.includes('{camera}');
  const failures = [
    ...(access === 'anyone' ? [] : [401, 429]),
    ...(cameraInPath ? [404] : []),
    ...(body === undefined ? [] : [400, 413, 415, 422]),
  ];
  const failure = { $ref: '#/components/responses/Error' };
  return {
    [method]: {
      summary,
      operationId,
      ...(access === 'token' ? {} : { security: access === 'anyone' ? [] : [{}, { adminToken: [] }] }),
      ...(cameraInPath && {
        parameters: [
          { name: 'camera', in: 'path', required: true, schema: { type: 'string' }, description: "A camera's id." },
        ],
      }),
      ...(body && { requestBody: { required: true, content: json(nameOf(REQUESTS, body)) } }),
      responses: {
        ...Object.fromEntries(Object.entries(answers).map(([status, answer]) => [status, describeAnswer(answer)])),
        ...Object.fromEntries(failures.map((status) => [status, failure])),
        default: failure,
      },
    },
  };
};

const describeAnswer = ({ description, content }: DocumentedAnswer): Json => {
  if (content === 'image/jpeg') return { description, content: { 'image/jpeg': {} } };
  if (content === 'text/plain') return { description, content: { 'text/plain': { schema: { type: 'string' } } } };
  return { description, content: json(nameOf(ANSWERS, content)) };
};

const json = (name: string): Json => ({ 'application/json': { schema: { $ref: refTo(name) } } });
