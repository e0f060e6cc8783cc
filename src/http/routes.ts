import type { Registry } from 'prom-client';
import type { z } from 'zod';
import { parseZoneChange } from '../config/parse-zones.js';
import type { ListenAddress } from '../config/site.js';
import type { GatewayApi } from '../control/gateway-api.js';
import type { Json } from '../record/log/canonical-json.js';
import { humanOf } from '../record/people/person.js';
import type { PublishedStream, StreamCatalogue } from '../rtsp/published-stream.js';
import { masksLess } from '../zones/coverage.js';
import type { WantedZones } from '../zones/revision.js';
import { type AlertsApi, alertRoutes } from './alert-routes.js';
import { type CommissionRouteContext, commissionRoutes } from './commission-routes.js';
import { type ExportRouteContext, exportRoutes } from './export-routes.js';
import { RequestError } from './failure.js';
import { logRoutes } from './log-routes.js';
import { type NewCameraApi, newCameraRoutes } from './new-camera-routes.js';
import { type PeopleRouteContext, peopleRoutes } from './people-routes.js';
import { presentCamera, presentRevision, presentZones } from './present.js';
import type { PreviewViews } from './preview-views.js';
import { releaseRoutes } from './release-routes.js';
import { CONFIGURE, OPERATE, READ } from './rights.js';
import { type Reply, type Route, type RouteRequest, reply } from './route.js';
import {
  aliveSchema,
  cameraSchema,
  camerasSchema,
  cameraZonesSchema,
  historyQuery,
  historySchema,
  readySchema,
  signAttestationSchema,
  withheldSchema,
  zoneChangeSchema,
  zoneHistorySchema,
  zoneRevisionSchema,
} from './schemas.js';
import { type SiteApi, siteRoutes } from './site-routes.js';
import { streamAddress } from './stream-address.js';
import { twoPersonRoutes } from './two-person-routes.js';

/** What `/readyz` tells. */
export interface ReadyReport {
  /** The site file is valid. */
  readonly config: boolean;
  readonly http: boolean;
  readonly rtsp: boolean;
  /** The store keeps what it is given. */
  readonly store: boolean;
}

/** What the routes speak to. */
export interface RouteContext extends PeopleRouteContext, ExportRouteContext, CommissionRouteContext {
  readonly gateway: GatewayApi;
  readonly alerts: AlertsApi;
  readonly registry: Registry;
  /** The masked streams. */
  readonly catalogue: StreamCatalogue;
  /** Whether there are previews for browsers without Media Source Extensions. */
  readonly preview: Pick<PreviewViews, 'state' | 'check'>;
  /** What is in force of the site file. */
  readonly sites: SiteApi;
  /** Finds and adds cameras. */
  readonly newCameras: NewCameraApi;
  readonly ready: () => ReadyReport;
  /** Where the RTSP server listens: the port it has, not 0. */
  readonly rtsp: ListenAddress;
  /** Removes secrets from a text. */
  readonly redact: (text: string) => string;
}

/** Every operation of the API but `/openapi.json`, which is made from them. */
export const makeRoutes = (context: RouteContext): readonly Route[] => [
  ...healthRoutes(context),
  ...cameraRoutes(context),
  ...newCameraRoutes(context),
  ...commissionRoutes(context),
  ...releaseRoutes(context, presentingBy(context)),
  ...signRoutes(context),
  ...zoneRoutes(context),
  ...siteRoutes(context),
  ...logRoutes(context),
  ...peopleRoutes(context),
  ...twoPersonRoutes(context),
  ...exportRoutes(context),
  ...alertRoutes(context.alerts),
];

const healthRoutes = ({ ready, registry }: RouteContext): Route[] => [
  {
    method: 'get',
    path: '/healthz',
    access: 'anyone',
    summary: 'Is the process alive?',
    operationId: 'getHealth',
    answers: { 200: { description: 'It is.', content: aliveSchema } },
    handle: () => reply(aliveSchema, { status: 'alive', service: 'veilgate' }),
  },
  {
    method: 'get',
    path: '/readyz',
    access: 'anyone',
    summary: 'Does the gateway serve? Cameras may be in any state, and so may the store: masking goes on without it.',
    operationId: 'getReadiness',
    answers: {
      200: { description: 'The site file is valid and both listeners are up.', content: readySchema },
      503: { description: 'Not yet, or not any more.', content: readySchema },
    },
    handle: () => {
      const { config, http, rtsp, store } = ready();
      const all = config && http && rtsp;
      return reply(readySchema, { ready: all, config, http, rtsp, store }, all ? 200 : 503);
    },
  },
  {
    method: 'get',
    path: '/metrics',
    access: 'metrics',
    summary: 'Metrics in the Prometheus text format. Without a token from this machine only.',
    operationId: 'getMetrics',
    answers: { 200: { description: 'All metrics.', content: 'text/plain' } },
    handle: async () => ({ type: 'metrics', mediaType: registry.contentType, text: await registry.metrics() }),
  },
];

/** How a camera is shown to who asked. */
const presentingBy =
  ({ rtsp, redact }: RouteContext) =>
  ({ host }: RouteRequest) => ({ streamAddress: (camera: string) => streamAddress(rtsp, host, camera), redact });

const cameraRoutes = (context: RouteContext): Route[] => {
  const { gateway, catalogue, preview } = context;
  const presenting = presentingBy(context);
  const streamOf = async (camera: string): Promise<PublishedStream> => {
    gateway.camera(camera);
    const stream = catalogue.get(camera);
    if (!stream) throw new RequestError(503, 'stream-closed', 'The stream is being replaced. Try again.');
    await stream.describe();
    return stream;
  };
  return [
    {
      method: 'get',
      path: '/api/v1/cameras',
      access: READ,
      summary: 'All cameras and their states.',
      operationId: 'listCameras',
      answers: { 200: { description: 'In the order of the site file.', content: camerasSchema } },
      handle: (request) => {
        const cameras = gateway.cameras().map((view) => presentCamera(view, presenting(request)));
        return reply(camerasSchema, { cameras });
      },
    },
    {
      method: 'get',
      path: '/api/v1/cameras/{camera}',
      access: READ,
      summary: 'One camera and its state.',
      operationId: 'getCamera',
      answers: { 200: { description: 'The camera.', content: cameraSchema } },
      handle: (request) => reply(cameraSchema, presentCamera(gateway.camera(request.camera), presenting(request))),
    },
    {
      method: 'get',
      path: '/api/v1/cameras/{camera}/history',
      access: READ,
      summary:
        'Latency and pictures a second of the last day, by the minute. Kept in memory, from the start of the gateway on.',
      operationId: 'getCameraHistory',
      query: historyQuery,
      answers: { 200: { description: 'Oldest first.', content: historySchema } },
      handle: ({ camera, query }) => {
        const { since } = query as z.output<typeof historyQuery>;
        const from = since === undefined ? 0 : Date.parse(since) - 60_000;
        const minutes = gateway.history(camera).filter(({ at }) => at > from);
        return reply(historySchema, {
          minutes: minutes.map((one) => ({ ...one, at: new Date(one.at).toISOString() })),
        });
      },
    },
    {
      method: 'get',
      path: '/api/v1/cameras/{camera}/snapshot.jpg',
      access: READ,
      summary: 'The masked picture as it is now, or the slate where there is none.',
      operationId: 'getSnapshot',
      answers: { 200: { description: 'A JPEG. Not to be stored on the way.', content: 'image/jpeg' } },
      handle: async ({ camera }): Promise<Reply> => ({ type: 'image/jpeg', bytes: await gateway.snapshot(camera) }),
    },
    {
      method: 'get',
      path: '/api/v1/cameras/{camera}/view.jpg',
      access: READ,
      summary: 'The masked picture of the view that the zones were accepted on: what the camera usually sees.',
      operationId: 'getUsualView',
      answers: { 200: { description: 'A JPEG. Not to be stored on the way.', content: 'image/jpeg' } },
      handle: async ({ camera }): Promise<Reply> => {
        const bytes = await gateway.usualView(camera);
        if (bytes) return { type: 'image/jpeg', bytes };
        throw new RequestError(404, 'no-usual-view', 'No picture of the usual view may be shown now.');
      },
    },
    {
      method: 'get',
      path: '/api/v1/cameras/{camera}/live',
      access: READ,
      summary:
        'The masked stream for browsers: a WebSocket of the subprotocol veilgate.live.v1 that carries fragmented MP4, a message a picture.',
      operationId: 'watchCamera',
      answers: {
        101: {
          description:
            'Text messages {"type": "track", "mime"} announce a first segment, which follows; every other message is a picture. A browser, which can set no header, sends its token as a second subprotocol: bearer.TOKEN.',
          content: null,
        },
      },
      handle: async ({ camera }): Promise<Reply> => ({ type: 'live', stream: await streamOf(camera) }),
    },
    {
      method: 'get',
      path: '/api/v1/cameras/{camera}/preview',
      access: READ,
      summary:
        'The masked stream for browsers without Media Source Extensions: a WebSocket of the subprotocol veilgate.preview.v1 that carries MPEG-1 in MPEG-TS. Off unless server.preview asks for it.',
      operationId: 'previewCamera',
      answers: {
        101: {
          description: 'Binary messages: the next bytes of the MPEG-TS. A token goes as for live.',
          content: null,
        },
      },
      handle: async ({ camera }): Promise<Reply> => {
        preview.check();
        return { type: 'preview', stream: await streamOf(camera) };
      },
    },
    {
      method: 'put',
      path: '/api/v1/cameras/{camera}/withheld',
      access: OPERATE,
      summary: 'Withholds a stream on an operator’s word, or ends that.',
      operationId: 'setWithheld',
      body: withheldSchema,
      answers: { 200: { description: 'Done: the camera as it is now.', content: cameraSchema } },
      handle: async (request) => {
        const { camera, body, actor } = request;
        const parsed = withheldSchema.safeParse(body);
        if (!parsed.success) {
          const cure = 'Send {"withheld": true} or {"withheld": false}, and nothing else.';
          throw new RequestError(422, 'withheld-invalid', `The body does not say whether to withhold. ${cure}`);
        }
        await gateway.withhold(camera, parsed.data.withheld, actor);
        return reply(cameraSchema, presentCamera(gateway.camera(camera), presenting(request)));
      },
    },
  ];
};

/** Where the site asks for two people, and the zones mask less: who agreed. */
const agreeTo = async (
  { gateway, people, sites }: RouteContext,
  { camera, person, approval }: RouteRequest,
  wanted: WantedZones,
): Promise<void> => {
  const losses = masksLess(gateway.camera(camera).zones, wanted.zones);
  if (!sites.inForce().twoPersons || losses.length === 0) return;
  const details = { zones: wanted.zones, unmasked: wanted.unmasked } as unknown as Json;
  const summary = `${camera}: ${losses.map(({ message }) => message).join(' ')}`.slice(0, MAX_SUMMARY);
  await people.approvals.require(
    { action: 'accept-zones', subject: camera, details, summary },
    humanOf(person!),
    approval,
  );
};

/** What a second person reads of a change, in characters; the digest is of all of it. */
const MAX_SUMMARY = 2000;

const signRoutes = (context: RouteContext): Route[] => [
  {
    method: 'post',
    path: '/api/v1/cameras/{camera}/sign/attestations',
    access: CONFIGURE,
    summary: 'Records that a sign hangs where no camera sees it (Regulation, Art. 16).',
    operationId: 'attestSign',
    body: signAttestationSchema,
    answers: { 200: { description: 'Recorded: the camera as it is now.', content: cameraSchema } },
    handle: async (request) => {
      const { camera, body, actor } = request;
      const { gateway } = context;
      gateway.camera(camera);
      const parsed = signAttestationSchema.safeParse(body);
      if (!parsed.success) {
        const cure = 'Run "veilgate sign attest", which reads the photo and sends what it read.';
        throw new RequestError(422, 'attestation-invalid', `The body is no attestation. ${cure}`);
      }
      await gateway.attestSign(camera, parsed.data, actor);
      return reply(cameraSchema, presentCamera(gateway.camera(camera), presentingBy(context)(request)));
    },
  },
];

const zoneRoutes = (context: RouteContext): Route[] => {
  const { gateway } = context;
  return [
    {
      method: 'get',
      path: '/api/v1/cameras/{camera}/zones',
      access: READ,
      summary: 'The zones in force, and those that wait for acceptance.',
      operationId: 'getZones',
      answers: { 200: { description: 'The zones.', content: cameraZonesSchema } },
      handle: ({ camera }) => reply(cameraZonesSchema, presentZones(gateway.camera(camera))),
    },
    {
      method: 'put',
      path: '/api/v1/cameras/{camera}/zones',
      access: CONFIGURE,
      summary: 'Puts zones in force. The admin token is itself the acceptance, also where they mask less.',
      operationId: 'putZones',
      takesApproval: true,
      body: zoneChangeSchema,
      answers: {
        200: {
          description: 'In force: nothing masked with older zones gets out any more.',
          content: zoneRevisionSchema,
        },
      },
      handle: async (request) => {
        const { camera, body, actor } = request;
        // A camera that does not exist is the greater mistake, and is told first.
        gateway.camera(camera);
        const wanted = parseZoneChange(body);
        await agreeTo(context, request, wanted);
        return reply(zoneRevisionSchema, presentRevision(await gateway.acceptZones(camera, wanted, actor)));
      },
    },
    {
      method: 'get',
      path: '/api/v1/cameras/{camera}/zones/history',
      access: READ,
      summary: 'Every zone revision that was ever in force.',
      operationId: 'getZoneHistory',
      answers: { 200: { description: 'Oldest first.', content: zoneHistorySchema } },
      handle: async ({ camera }) => {
        const revisions = await gateway.zoneHistory(camera);
        return reply(zoneHistorySchema, { revisions: revisions.map(presentRevision) });
      },
    },
    {
      method: 'post',
      path: '/api/v1/cameras/{camera}/zones/accept',
      access: CONFIGURE,
      summary: 'Accepts the zones of the site file, and the present shape of the picture.',
      operationId: 'acceptZones',
      takesApproval: true,
      answers: {
        200: {
          description: 'In force: nothing masked with older zones gets out any more.',
          content: zoneRevisionSchema,
        },
      },
      handle: async (request) => {
        const { camera, actor } = request;
        const { pendingZones } = gateway.camera(camera);
        if (pendingZones) await agreeTo(context, request, pendingZones.wanted);
        return reply(zoneRevisionSchema, presentRevision(await gateway.acceptFile(camera, actor)));
      },
    },
  ];
};
