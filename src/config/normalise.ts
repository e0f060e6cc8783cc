import { basename, resolve } from 'node:path';
import { EVERYBODY, isProhibitedKind } from '../zones/zone.js';
import { DEFAULT_SIGN_MISSING_LOOKS, type ParsedCamera, type ParsedSite } from './schema.js';
import { Secret } from './secret.js';
import type { CameraConfig, CameraSource, PtzConfig, PublishTarget, SignConfig, Site } from './site.js';
import { displayUrl, type ParsedSource } from './source.js';

/** Fills in what a default depends on, makes paths absolute (they are relative to `folder`, the site file's) and wraps secrets. */
export const normalise = (parsed: ParsedSite, folder: string): Site => ({
  version: parsed.version,
  site: { ...parsed.site, approval: parsed.site.approval ?? null },
  server: {
    ...parsed.server,
    tls: parsed.server.tls
      ? { cert: resolve(folder, parsed.server.tls.cert), key: resolve(folder, parsed.server.tls.key) }
      : null,
    rtspUsers: (parsed.server.rtspUsers ?? []).map(({ name, password }) => ({ name, password: new Secret(password) })),
  },
  storage: {
    dir: resolve(folder, parsed.storage.dir),
    url: secretOrNull(parsed.storage.url),
    logKey: parsed.storage.logKey ?? null,
    witness: parsed.storage.witness === undefined ? null : witness(parsed.storage.witness, folder),
  },
  zones: parsed.zones,
  vision: parsed.vision,
  commissioning: parsed.commissioning,
  alerts: parsed.alerts,
  retention: parsed.retention,
  notify: {
    webhooks: parsed.notify.webhooks.map((hook) => ({
      ...hook,
      url: new Secret(hook.url),
      secret: new Secret(hook.secret),
    })),
    mqtt: parsed.notify.mqtt ? { ...parsed.notify.mqtt, url: new Secret(parsed.notify.mqtt.url) } : null,
  },
  cameras: parsed.cameras.map((camera) => normaliseCamera(camera, parsed, folder)),
});

const secretOrNull = (text: string | undefined): Secret | null => (text === undefined ? null : new Secret(text));

const normaliseCamera = (camera: ParsedCamera, { site, commissioning }: ParsedSite, folder: string): CameraConfig => ({
  id: camera.id,
  source: normaliseSource(camera.source, camera.loop ?? true, folder),
  transport: camera.transport,
  tls: {
    verify: camera.tls?.verify ?? true,
    ca: camera.tls?.ca === undefined ? null : resolve(folder, camera.tls.ca),
  },
  place: camera.place,
  public: camera.public,
  approval: camera.approval ?? site.approval ?? null,
  responsibleUnit: camera.responsibleUnit ?? site.responsibleUnit,
  zones: camera.mask === 'people' ? [...camera.zones, EVERYBODY] : camera.zones,
  unmasked: camera.unmasked ?? null,
  people: { rate: camera.people.rate ?? null },
  sign: camera.sign === undefined ? null : normaliseSign(camera.sign, folder),
  lookAhead: camera.lookAhead,
  guard: camera.guard,
  ptz: camera.ptz === undefined ? null : normalisePtz(camera.ptz, camera.source),
  output: { ...camera.output, bitrate: camera.output.bitrate ?? null },
  commissioning: mayCommission(camera, commissioning),
  publish: (camera.publish ?? []).map(publishTarget),
});

const mayCommission = ({ place }: Pick<CameraConfig, 'place'>, wanted: boolean): boolean =>
  wanted && !isProhibitedKind(place);

/** A site in which raw pictures may be shown to an integrator, or not. */
export const withCommissioning = (site: Site, commissioning: boolean): Site => ({
  ...site,
  commissioning,
  cameras: site.cameras.map((camera) => ({ ...camera, commissioning: mayCommission(camera, commissioning) })),
});

const witness = (place: string, folder: string): Secret =>
  new Secret(/^https?:\/\//i.test(place) ? place : resolve(folder, place));

const normaliseSign = (sign: NonNullable<ParsedCamera['sign']>, folder: string): SignConfig => ({
  expect: sign.expect,
  within: sign.within,
  missingAfter: sign.missingAfter ?? DEFAULT_SIGN_MISSING_LOOKS * sign.within,
  region: sign.region ?? null,
  reference: sign.reference === undefined ? null : resolve(folder, sign.reference),
});

/** A camera without "service" is asked where its pictures come from; that it is an RTSP camera then is checked before. */
const normalisePtz = (ptz: NonNullable<ParsedCamera['ptz']>, source: ParsedSource): PtzConfig => ({
  preset: ptz.preset,
  tolerance: ptz.tolerance,
  every: ptz.every,
  service: new Secret(ptz.service ?? deviceService(source.kind === 'rtsp' ? source.url : null)),
});

/** Where a camera's ONVIF device service is by default. @param url of its stream, with user and password; null: this machine */
export const deviceService = (url: string | null): string => {
  const { username, password, hostname } = new URL(url ?? 'rtsp://localhost');
  return `http://${username === '' ? '' : `${username}:${password}@`}${hostname}/onvif/device_service`;
};

const normaliseSource = (source: ParsedSource, loop: boolean, folder: string): CameraSource => {
  switch (source.kind) {
    case 'rtsp':
      return { kind: 'rtsp', ...publishTarget(source) };
    case 'file':
      return { kind: 'file', path: resolve(folder, source.path), loop, display: basename(source.path) };
    case 'demo':
      return { kind: 'demo', scene: source.scene, display: `demo:${source.scene}` };
  }
};

const publishTarget = ({ url, secure }: Extract<ParsedSource, { kind: 'rtsp' }>): PublishTarget => ({
  url: new Secret(url),
  secure,
  display: displayUrl(url),
});
