import type { z } from 'zod';
import type { AlertBook } from '../record/alerts/alert-book.js';
import { alertDocument, eventDocument } from '../record/alerts/alert-document.js';
import { AlertError } from '../record/alerts/alert-error.js';
import type { AlertFeed } from '../record/alerts/alert-feed.js';
import { ALERT_ID } from '../record/alerts/alert-id.js';
import type { AlertStep } from '../record/alerts/life.js';
import { PACKS } from '../rules/packs.js';
import { alertEvents } from './alert-events.js';
import {
  alertDetailSchema,
  alertQuerySchema,
  alertSchema,
  alertStepSchema,
  alertsSchema,
  DEFAULT_PAGE,
} from './alert-schemas.js';
import { readBody } from './read-request.js';
import { OPERATE, READ } from './rights.js';
import { type Reply, type Route, type RouteRequest, reply } from './route.js';

/** What the routes of alerts speak to. */
export interface AlertsApi {
  readonly book: Pick<AlertBook, 'list' | 'get' | 'step' | 'evidence' | 'eventsAfter'>;
  readonly feed: Pick<AlertFeed, 'listen'>;
}

/** Alerts: the list, one of them, its picture, its next step, and everything as it happens. */
export const alertRoutes = ({ book, feed }: AlertsApi): Route[] => [
  {
    method: 'get',
    path: '/api/v1/alerts',
    access: READ,
    summary: 'Alerts, newest first.',
    operationId: 'listAlerts',
    query: alertQuerySchema,
    answers: { 200: { description: 'A page.', content: alertsSchema } },
    handle: async ({ query }) => {
      const { open, from, until, after, limit, ...filter } = query as z.output<typeof alertQuerySchema>;
      const page = await book.list(
        {
          ...withoutUndefined(filter),
          ...(open !== undefined && { open: open === 'true' }),
          ...(from !== undefined && { from: Date.parse(from) }),
          ...(until !== undefined && { until: Date.parse(until) }),
        },
        { after: after ?? null, limit: limit ?? DEFAULT_PAGE },
      );
      return reply(alertsSchema, { alerts: page.alerts.map(alertDocument), next: page.next });
    },
  },
  {
    method: 'get',
    path: '/api/v1/alerts/{alert}',
    access: READ,
    summary: 'One alert, what the law threatens, and its history.',
    operationId: 'getAlert',
    answers: { 200: { description: 'The alert.', content: alertDetailSchema } },
    handle: async (request) => {
      const { alert, history } = await book.get(idOf(request));
      const threat = alert.penalty === null ? null : PACKS[alert.law][alert.kind].penalty;
      return reply(alertDetailSchema, {
        alert: alertDocument(alert),
        penalty: threat && {
          article: threat.article,
          item: threat.item ?? null,
          wording: threat.wording,
          note: threat.note ?? null,
        },
        history: history.map(eventDocument),
      });
    },
  },
  {
    method: 'get',
    path: '/api/v1/alerts/{alert}/evidence.jpg',
    access: READ,
    summary: 'The masked picture that was taken when the alert was opened.',
    operationId: 'getEvidence',
    answers: { 200: { description: 'A JPEG. Of a prohibited place it is coarse as a whole.', content: 'image/jpeg' } },
    handle: async (request): Promise<Reply> => {
      const { jpeg } = await book.evidence(idOf(request));
      return { type: 'image/jpeg', bytes: Buffer.from(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength) };
    },
  },
  {
    method: 'patch',
    path: '/api/v1/alerts/{alert}',
    access: OPERATE,
    summary: 'Takes the next step of an alert. 409 where it is another’s turn.',
    operationId: 'stepAlert',
    body: alertStepSchema,
    answers: { 200: { description: 'The alert as it is now.', content: alertSchema } },
    handle: async (request) => {
      const id = idOf(request);
      const { alert } = await book.step(id, stepOf(readBody(alertStepSchema, request.body)), request.actor);
      return reply(alertSchema, alertDocument(alert));
    },
  },
  {
    method: 'get',
    path: '/api/v1/events',
    access: READ,
    summary: 'What happens to alerts and cameras, as server-sent events; Last-Event-ID continues.',
    operationId: 'listenToEvents',
    answers: {
      200: {
        description: 'Events `alert` (with an id where they can be continued from) and `camera`.',
        content: 'text/event-stream',
      },
    },
    handle: ({ lastEventId }): Reply => ({ type: 'event-stream', open: alertEvents(book, feed, lastEventId) }),
  },
];

/** Anything else is no alert's, and no database should see it. */
const idOf = ({ param }: RouteRequest): string => {
  const id = param('alert');
  if (ALERT_ID.test(id)) return id;
  throw new AlertError('unknown-alert', 'There is no such alert.');
};

const stepOf = (body: z.output<typeof alertStepSchema>): AlertStep => {
  const reason = body.reason ?? null;
  if (body.state === 'dismissed') return { to: 'dismissed', reason: body.reason };
  if (body.state !== 'reported') return { to: body.state, reason };
  const { to, at, reference } = body.report;
  return { to: 'reported', reason, report: { to, at: at === undefined ? Date.now() : Date.parse(at), reference } };
};

const withoutUndefined = <T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(value).filter(([, held]) => held !== undefined)) as never;
