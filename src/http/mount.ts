/** Puts routes into Express: who may use them, how their bodies are read, what becomes of their answers. */
import express, { type Express, type Request, type RequestHandler, type Response } from 'express';
import { actorOf, humanOf, type Person } from '../record/people/person.js';
import { StoreError } from '../record/store/store-error.js';
import { hostname } from './allowed-host.js';
import { clientKey } from './client-address.js';
import { csrfTokenOf, sessionSecretOf } from './cookies.js';
import { sendEvents } from './event-stream.js';
import { RequestError } from './failure.js';
import { personOf } from './gatekeeper.js';
import type { LiveViews } from './live-views.js';
import type { PreviewViews } from './preview-views.js';
import { readQuery } from './read-request.js';
import type { Access, Reply, Route } from './route.js';

/** 64 zones of 100 corners, written with 15 digits each, take 230 kB. */
export const MAX_BODY_BYTES = 256 * 1024;

/** Decides whether a request goes on. */
export interface Gates {
  /** To a route, by who may use it. */
  readonly of: (access: Access) => RequestHandler;
  /** To learn what exists: whoever is known. */
  readonly anybodyKnown: RequestHandler;
}

/** What answers need besides their route. */
export interface MountedParts {
  readonly live: LiveViews;
  readonly preview: PreviewViews;
  /** Lists what somebody is about to read, where they inspect. */
  readonly enter: (reader: string, what: string) => Promise<void>;
}

/** Mounts all routes. What a path does not know as a method is answered 405, behind its gate. */
export const mountRoutes = (app: Express, routes: readonly Route[], gates: Gates, parts: MountedParts): void => {
  const byPath = new Map<string, Route[]>();
  for (const route of routes) byPath.set(route.path, [...(byPath.get(route.path) ?? []), route]);
  for (const [path, operations] of byPath) {
    const mounted = app.route(path.replaceAll(/\{(\w+)\}/g, ':$1'));
    mounted.all(remember(path));
    for (const route of operations)
      mounted[route.method](
        gates.of(route.access),
        ...bodyReaders(route),
        list(route, parts.enter),
        answer(route, parts),
      );
    const isOpen = operations.some(({ access }) => access === 'anyone');
    mounted.all(isOpen ? gates.of('anyone') : gates.anybodyKnown, refuseMethod(operations.map(({ method }) => method)));
  }
};

/** What tells of the person alone, or of the register itself, is no part of what officers read. */
const UNLISTED = /^\/(api\/v1\/(me|logout|inspections)\b|openapi|api-docs|metrics)/;

/** Lists what is read in an inspection before it is shown (Regulation, Art. 27, 28). */
const list =
  ({ access, path }: Route, enter: (reader: string, what: string) => Promise<void>): RequestHandler =>
  async (request, response, next) => {
    const person = personOf(response);
    const isListed = person !== null && access !== 'anyone' && !UNLISTED.test(path);
    if (isListed) {
      const listed = enter(humanOf(person), `${request.method} ${request.originalUrl}`);
      await (person.kind === 'admin-token' ? listed.catch(unlessStoreIsGone) : listed);
    }
    next();
  };

/** Scripts and probes see the cameras also where the record cannot be read; people's accounts cannot even be looked up then. */
const unlessStoreIsGone = (error: unknown): void => {
  if (!(error instanceof StoreError)) throw error;
};

/** Answers 405 and says what would be right. `get` includes HEAD. */
export const refuseMethod = (methods: readonly Route['method'][]): RequestHandler => {
  const allowed = methods.flatMap((method) => (method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()])).join(', ');
  return (_request, response) => {
    response.set('Allow', allowed);
    throw new RequestError(405, 'method-not-allowed', `This path takes ${allowed}.`);
  };
};

/** Notes which route a request met, for those who count. */
export const remember =
  (path: string): RequestHandler =>
  (_request, response, next) => {
    response.locals.route = path;
    next();
  };

const bodyReaders = ({ body }: Route): RequestHandler[] => (body === undefined ? [] : [requireJson, readJson]);

const requireJson: RequestHandler = (request, _response, next) => {
  const { 'content-length': length = '0', 'transfer-encoding': coding } = request.headers;
  if (length === '0' && coding === undefined) {
    throw new RequestError(400, 'body-missing', 'This request needs a JSON body.');
  }
  if (!request.is('application/json')) {
    throw new RequestError(415, 'not-json', 'Send the body as JSON, with "Content-Type: application/json".');
  }
  next();
};

// Any JSON value is let through: what is no object fails its schema, with a better explanation.
const readJson = express.json({ limit: MAX_BODY_BYTES, inflate: false, strict: false });

const csrfTokenFor = (request: Request, person: Person | null): string | null => {
  const secret = person?.kind === 'account' ? sessionSecretOf(request) : null;
  return secret === null ? null : csrfTokenOf(secret);
};

/** An approval's id, as `POST /api/v1/approvals` gives it. */
const APPROVAL_ID = /^[\w-]{1,64}$/;

const answer =
  (route: Route, { live, preview }: MountedParts): RequestHandler =>
  async (request, response) => {
    const { params, headers, body, ip, secure } = request;
    const person = personOf(response);
    const param = (name: string): string => {
      const value = params[name];
      return typeof value === 'string' ? value : '';
    };
    const approval = String(headers.approval ?? '');
    const result = await route.handle({
      camera: param('camera'),
      param,
      query: route.query === undefined ? {} : readQuery(route.query, request.originalUrl),
      body: body as unknown,
      person,
      actor: person === null ? 'anonymous' : actorOf(person),
      approval: APPROVAL_ID.test(approval) ? approval : null,
      lastEventId: typeof headers['last-event-id'] === 'string' ? headers['last-event-id'] : null,
      host: hostname(headers.host),
      client: clientKey(ip),
      csrfToken: csrfTokenFor(request, person),
      secure,
    });
    if (result.type === 'live') live.show(response, result.stream);
    else if (result.type === 'preview') preview.show(response, result.stream);
    else send(response, result);
  };

const send = (response: Response, reply: Exclude<Reply, { type: 'live' | 'preview' }>): void => {
  response.set('Cache-Control', 'no-store');
  if (reply.headers !== undefined) response.set(reply.headers);
  switch (reply.type) {
    case 'json':
      response.status(reply.status).json(reply.value);
      return;
    case 'empty':
      response.status(204).end();
      return;
    case 'image/jpeg':
      response.type('image/jpeg').send(reply.bytes);
      return;
    case 'application/zip':
      response.attachment(reply.name).type('application/zip').send(reply.bytes);
      return;
    case 'event-stream':
      sendEvents(response, reply.open);
      return;
    case 'metrics':
      response.set('Content-Type', reply.mediaType).send(reply.text);
      return;
    case 'text':
      response.type(reply.mediaType).send(reply.text);
  }
};
