import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import type { Counter } from 'prom-client';
import type { ListenAddress } from '../config/site.js';
import type { Logger } from '../rtsp/logger.js';
import type { AdminToken } from './admin-token.js';
import { allowedHost } from './allowed-host.js';
import { isLocalClient } from './client-address.js';
import { describeFailure, RequestError } from './failure.js';
import { Gatekeeper, type Identities } from './gatekeeper.js';
import type { LiveViews } from './live-views.js';
import { requestCounter } from './metrics.js';
import { type Gates, mountRoutes, refuseMethod, remember } from './mount.js';
import { withDocument } from './openapi.js';
import { pageFiles, sendPageFile } from './page-files.js';
import type { PreviewViews } from './preview-views.js';
import { READ } from './rights.js';
import type { Access } from './route.js';
import { makeRoutes, type RouteContext } from './routes.js';
import { secureHeaders } from './secure-headers.js';

export interface AppOptions extends RouteContext {
  readonly token: AdminToken;
  /** Who has an account. */
  readonly identities: Identities;
  /** `server.http`: requests for another host are refused. */
  readonly http: ListenAddress;
  /** `server.behindProxy`. */
  readonly behindProxy: boolean;
  /** Whether a name is one that the certificate is for; none without TLS. */
  readonly isOurs?: (name: string) => boolean;
  readonly logger: Logger;
  readonly live: LiveViews;
  readonly preview: PreviewViews;
  /** Of the gateway. */
  readonly version: string;
}

/** The HTTP side: API, metrics and the status page. `listenHttp` serves it. */
export const createApp = (options: AppOptions): Express => {
  const { people, http, behindProxy, logger, registry, token, identities, version, redact, live, preview } = options;
  const app = express();
  app.enable('case sensitive routing');
  app.set('query parser', false); // routes that take a query read it by their schema
  app.set('etag', false); // answers are of the moment
  // One proxy is believed about whom it speaks for, so that a stranger's guesses lock out the stranger alone.
  app.set('trust proxy', behindProxy ? 1 : false);
  app.use(countAnswers(requestCounter(registry)), secureHeaders(), allowedHost(http, behindProxy, options.isOurs));
  const gates = makeGates(new Gatekeeper(token, identities, logger), behindProxy);
  const enter = (reader: string, what: string) => people.inspections.enter(reader, what);
  mountRoutes(app, withDocument(makeRoutes(options), version), gates, { live, preview, enter });
  for (const [path, file] of pageFiles()) {
    app
      .route(path)
      .all(remember(path))
      .get(sendPageFile(file))
      .all(refuseMethod(['get']));
  }
  app.use('/api', gates.anybodyKnown); // what exists there is not for strangers to find out
  app.use(() => {
    throw new RequestError(404, 'not-found', 'There is nothing here. /openapi.json lists what there is.');
  });
  app.use(answerFailure(logger, redact));
  return app;
};

const makeGates = (keeper: Gatekeeper, behindProxy: boolean): Gates => {
  const anyone: RequestHandler = (_request, _response, next) => next();
  const reader = keeper.require(READ);
  // Behind a proxy on this machine everyone seems to be on this machine.
  const metrics: RequestHandler = (request, response, next) =>
    !behindProxy && isLocalClient(request) ? next() : reader(request, response, next);
  const of = (access: Access): RequestHandler => {
    if (access === 'anyone') return anyone;
    return access === 'metrics' ? metrics : keeper.require(access);
  };
  return { of, anybodyKnown: keeper.anybodyKnown };
};

const countAnswers =
  (counter: Counter<'method' | 'route' | 'status'>): RequestHandler =>
  ({ method }, response, next) => {
    response.once('finish', () => {
      const { route } = response.locals;
      counter.inc({ method, route: typeof route === 'string' ? route : 'other', status: response.statusCode });
    });
    next();
  };

/** Express tells an error handler by its four parameters. */
const answerFailure =
  (logger: Logger, redact: (text: string) => string): ErrorRequestHandler =>
  (error: unknown, { method, path }, response, _next) => {
    const { status, code, message, approval, problems, retryAfterS } = describeFailure(error, redact);
    if (status >= 500) logger.warn({ err: error, method, path, status }, 'request failed');
    if (response.headersSent) {
      response.destroy();
      return;
    }
    response.status(status).set('Cache-Control', 'no-store');
    if (retryAfterS !== undefined) response.set('Retry-After', String(retryAfterS));
    response.json({ error: { code, message, ...(approval && { approval }), ...(problems && { problems }) } });
  };
