/** Puts routes into Express: who may use them, how their bodies are read, what becomes of their answers. */
import express, { type Express, type RequestHandler, type Response } from 'express';
import { hostname } from './allowed-host.js';
import { ADMIN_ACTOR } from './authenticate.js';
import { RequestError } from './failure.js';
import type { Access, Reply, Route } from './route.js';

/** 64 zones of 100 corners, written with 15 digits each, take 230 kB. */
export const MAX_BODY_BYTES = 256 * 1024;

/** Decides for each kind of access whether a request goes on. */
export type Gates = Readonly<Record<Access, RequestHandler>>;

/** Mounts all routes. What a path does not know as a method is answered 405, behind its gate. */
export const mountRoutes = (app: Express, routes: readonly Route[], gates: Gates): void => {
  const byPath = new Map<string, Route[]>();
  for (const route of routes) byPath.set(route.path, [...(byPath.get(route.path) ?? []), route]);
  for (const [path, operations] of byPath) {
    const mounted = app.route(path.replace('{camera}', ':camera'));
    mounted.all(remember(path));
    for (const route of operations) mounted[route.method](gates[route.access], ...bodyReaders(route), answer(route));
    mounted.all(gates[operations[0]!.access], refuseMethod(operations.map(({ method }) => method)));
  }
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

const answer =
  (route: Route): RequestHandler =>
  async (request, response) => {
    const { camera } = request.params;
    const result = await route.handle({
      camera: typeof camera === 'string' ? camera : '',
      body: request.body as unknown,
      actor: ADMIN_ACTOR,
      host: hostname(request.headers.host),
    });
    send(response, result);
  };

const send = (response: Response, reply: Reply): void => {
  response.set('Cache-Control', 'no-store');
  switch (reply.type) {
    case 'json':
      response.status(reply.status).json(reply.value);
      return;
    case 'image/jpeg':
      response.type('image/jpeg').send(reply.bytes);
      return;
    case 'metrics':
      response.set('Content-Type', reply.mediaType).send(reply.text);
  }
};
