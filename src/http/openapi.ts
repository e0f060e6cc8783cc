import { z } from 'zod';
import { zoneSchema } from '../config/zone-schema.js';
import { alertDetailSchema, alertEventSchema, alertSchema, alertStepSchema, alertsSchema } from './alert-schemas.js';
import { apiPage, type ShownDocument } from './api-page.js';
import { commissionBoxSchema, newCommissionSchema } from './commission-schemas.js';
import { exportsSchema, newExportSchema } from './export-schemas.js';
import { LOG_ANSWERS, validationEntrySchema } from './log-schemas.js';
import {
  addedCameraSchema,
  devicesSchema,
  newCameraSchema,
  streamsQuestionSchema,
  streamsSchema,
} from './new-camera-schemas.js';
import { PEOPLE_ANSWERS, PEOPLE_REQUESTS } from './people-schemas.js';
import { releaseSchema } from './release-routes.js';
import { READ } from './rights.js';
import { type Access, type DocumentedAnswer, type Route, reply } from './route.js';
import {
  aliveSchema,
  cameraSchema,
  camerasSchema,
  cameraZonesSchema,
  errorSchema,
  historySchema,
  openApiSchema,
  readySchema,
  signAttestationSchema,
  withheldSchema,
  zoneChangeSchema,
  zoneHistorySchema,
  zoneLossSchema,
  zoneRevisionSchema,
} from './schemas.js';
import { modelsSchema, settingsSchema, siteSchema } from './site-schemas.js';

type Json = Record<string, unknown>;

/** Names of what is sent; a request's zone may leave out what has a default. */
const REQUESTS = {
  ZoneChange: zoneChangeSchema,
  SignAttestation: signAttestationSchema,
  ValidationEntry: validationEntrySchema,
  WithheldChange: withheldSchema,
  Release: releaseSchema,
  NewCamera: newCameraSchema,
  NewCommission: newCommissionSchema,
  OnvifQuestion: streamsQuestionSchema,
  ZoneInput: zoneSchema,
  NewExport: newExportSchema,
  ...PEOPLE_REQUESTS,
  AlertStep: alertStepSchema,
};

/** Names of what is answered. */
const ANSWERS = {
  Alive: aliveSchema,
  Ready: readySchema,
  Alert: alertSchema,
  Alerts: alertsSchema,
  AlertDetail: alertDetailSchema,
  AlertEvent: alertEventSchema,
  Camera: cameraSchema,
  Cameras: camerasSchema,
  CameraZones: cameraZonesSchema,
  CameraHistory: historySchema,
  Zone: zoneSchema,
  ZoneLoss: zoneLossSchema,
  ZoneRevision: zoneRevisionSchema,
  ZoneHistory: zoneHistorySchema,
  OpenApi: openApiSchema,
  ...LOG_ANSWERS,
  ...PEOPLE_ANSWERS,
  Exports: exportsSchema,
  Site: siteSchema,
  Settings: settingsSchema,
  Models: modelsSchema,
  AddedCamera: addedCameraSchema,
  CommissionBox: commissionBoxSchema,
  OnvifDevices: devicesSchema,
  OnvifStreams: streamsSchema,
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
    access: READ,
    summary: 'This document.',
    operationId: 'getOpenApi',
    answers: { 200: { description: 'The OpenAPI document of this gateway.', content: openApiSchema } },
    handle: () => reply(openApiSchema, document),
  };
  const pageRoute: Route = {
    method: 'get',
    path: '/api-docs',
    access: READ,
    summary: 'This document as a page to read.',
    operationId: 'getApiPage',
    answers: { 200: { description: 'A page without scripts.', content: 'text/html' } },
    handle: () => ({ type: 'text', mediaType: 'text/html', text: apiPage(document as unknown as ShownDocument) }),
  };
  const all = [...routes, documentRoute, pageRoute];
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
    security: SIGNED_IN,
    paths,
    components: {
      schemas: { ...schemasOf(REQUESTS, 'input'), ...schemasOf(ANSWERS, 'output') },
      responses: { Error: { description: 'The request was not served.', content: json('Error') } },
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          description: 'The admin token (VEILGATE_TOKEN, or what admin.token in storage.dir holds), or an API token.',
        },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'veilgate-session',
          description:
            'What login gives a browser. Changes also need the header X-CSRF-Token. Over TLS: __Host-veilgate-session.',
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

/** Either will do. */
const SIGNED_IN = [{ token: [] }, { session: [] }];

/** What the parts of paths are. */
const PATH_PARTS: Readonly<Record<string, string>> = {
  camera: "A camera's id.",
  account: "An account's name.",
  token: "An API token's id.",
  approval: "A request's id.",
  inspection: "An inspection's id.",
  entry: 'Place of an entry of the audit log, from 0.',
  alert: "An alert's id.",
};

const operation = (route: Route): Json => {
  const { method, access, summary, operationId, body, query, answers } = route;
  const parameters = [...pathParameters(route), ...queryParameters(route), ...approvalParameters(route)];
  const failures = [
    ...(access === 'anyone' ? [] : [401, 403, 429]),
    ...(route.path.includes('{') ? [404] : []),
    ...(body === undefined ? [] : [400, 413, 415, 422]),
    ...(query === undefined ? [] : [422]),
    ...(route.takesApproval ? [409] : []),
  ];
  const failure = { $ref: '#/components/responses/Error' };
  return {
    [method]: {
      summary,
      operationId,
      ...security(access),
      ...(parameters.length > 0 && { parameters }),
      ...(body && { requestBody: { required: true, content: json(nameOf(REQUESTS, body)) } }),
      responses: {
        ...Object.fromEntries(Object.entries(answers).map(([status, answer]) => [status, describeAnswer(answer)])),
        ...Object.fromEntries(failures.map((status) => [status, failure])),
        default: failure,
      },
    },
  };
};

/** Who may use it, in words of OpenAPI and, for roles and scopes, in ours. */
const security = (access: Access): Json => {
  if (access === 'anyone') return { security: [] };
  if (access === 'metrics') return { security: [{}, ...SIGNED_IN], 'x-roles': READ.roles, 'x-scope': READ.scope };
  // No token has it.
  const security = access.scope === 'commission' ? { security: [{ session: [] }] } : {};
  return { ...security, 'x-roles': access.roles, 'x-scope': access.scope };
};

const pathParameters = ({ path }: Route): Json[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => {
    const description = PATH_PARTS[name];
    if (description === undefined) throw new Error(`The path part ${name} of ${path} is not described in openapi.ts.`);
    return { name, in: 'path', required: true, schema: { type: 'string' }, description };
  });

const queryParameters = ({ query }: Route): Json[] => {
  if (query === undefined) return [];
  const { properties = {}, required = [] } = z.toJSONSchema(query, { io: 'input', target: 'draft-2020-12' });
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
    ...(typeof schema === 'object' && schema.description !== undefined && { description: schema.description }),
  }));
};

const approvalParameters = ({ takesApproval }: Route): Json[] =>
  takesApproval
    ? [
        {
          name: 'Approval',
          in: 'header',
          required: false,
          schema: { type: 'string' },
          description: "The id of a second person's approval (`/api/v1/approvals`), where this takes two.",
        },
      ]
    : [];

const describeAnswer = ({ description, content }: DocumentedAnswer): Json => {
  if (content === null) return { description };
  if (content === 'image/jpeg' || content === 'application/zip') return { description, content: { [content]: {} } };
  if (typeof content === 'string') return { description, content: { [content]: { schema: { type: 'string' } } } };
  return { description, content: json(nameOf(ANSWERS, content)) };
};

const json = (name: string): Json => ({ 'application/json': { schema: { $ref: refTo(name) } } });
