/**
 * What of a site file protects people and records, beside zones and places: a file may make it stronger at once, and weaker only on
 * people's word. Pure.
 */
import { deviceService, withCommissioning } from '../config/normalise.js';
import { DEFAULT_PTZ_EVERY_S, DEFAULT_PTZ_TOLERANCE } from '../config/schema.js';
import { Secret } from '../config/secret.js';
import type { CameraConfig, GuardConfig, PtzConfig, Site, VisionConfig } from '../config/site.js';
import { SEVERITIES, type Severity } from '../rules/severity.js';

type Value = string | number | boolean;

/** Values by their paths in the site file: `zones.twoPersons`, `cameras.lobby.guard.mode`. */
export type Safeguards = ReadonlyMap<string, Value>;

/** A value that the site file makes weaker than it is in force. */
export interface Weakening {
  readonly path: string;
  readonly from: Value;
  readonly to: Value;
  /** Whether one person's word is not enough, whatever the site asks for. */
  readonly takesTwo: boolean;
}

/** One value of `T` that protects. */
interface Safeguard<T> {
  readonly path: string;
  readonly takesTwo: boolean;
  /** Higher protects more. */
  strength(value: Value): number;
  read(from: T): Value;
  /** `value` is one that `read` gave; `kept` is what was in force, null after a start. */
  write(to: T, value: Value, kept: T | null): T;
  /** What is taken for in force where that is not known. */
  readonly strongest: Value;
}

const MODES: Readonly<Record<GuardConfig['mode'], number>> = { off: 0, follow: 1, withhold: 1, strict: 2 };

const days = (key: 'evidence' | 'alerts'): Safeguard<Site> => ({
  path: `retention.${key}`,
  takesTwo: true,
  strength: Number,
  read: ({ retention }) => retention[key],
  write: (site, value) => ({ ...site, retention: { ...site.retention, [key]: Number(value) } }),
  // Longer than any site file can say: nothing is deleted while it is not known what may be.
  strongest: 1e6,
});

const OF_SITE: readonly Safeguard<Site>[] = [
  {
    path: 'zones.twoPersons',
    takesTwo: true,
    strength: Number,
    read: ({ zones }) => zones.twoPersons,
    write: (site, value) => ({ ...site, zones: { ...site.zones, twoPersons: value === true } }),
    strongest: true,
  },
  days('evidence'),
  days('alerts'),
  {
    path: 'commissioning',
    takesTwo: true,
    strength: (value) => (value === true ? 0 : 1),
    read: ({ commissioning }) => commissioning,
    write: (site, value) => withCommissioning(site, value === true),
    strongest: false,
  },
  {
    path: 'vision.mode',
    takesTwo: false,
    strength: (value) => (value === 'on' ? 1 : 0),
    read: ({ vision }) => vision.mode,
    write: (site, value) => ({ ...site, vision: { ...site.vision, mode: value as VisionConfig['mode'] } }),
    strongest: 'on',
  },
];

/** What there is not. */
const NONE = 'none';
const PRESET = 'preset ';

/** A binding of which only the preset is remembered. Where the camera's service is another one, nothing answers, and it is withheld. */
const bindingTo = (preset: string, { source }: CameraConfig): PtzConfig => ({
  preset,
  tolerance: DEFAULT_PTZ_TOLERANCE,
  every: DEFAULT_PTZ_EVERY_S,
  service: new Secret(deviceService(source.kind === 'rtsp' ? source.url.reveal() : null)),
});

const OF_CAMERA: readonly Safeguard<CameraConfig>[] = [
  {
    path: 'guard.mode',
    takesTwo: false,
    strength: (value) => MODES[value as GuardConfig['mode']] ?? 0,
    read: ({ guard }) => guard.mode,
    write: (camera, value) => ({ ...camera, guard: { ...camera.guard, mode: value as GuardConfig['mode'] } }),
    // `strict` would withhold streams that nothing is wrong with.
    strongest: 'withhold',
  },
  {
    path: 'guard.accept',
    takesTwo: false,
    strength: (value) => (value === 'manual' ? 1 : 0),
    read: ({ guard }) => guard.accept,
    write: (camera, value) => ({ ...camera, guard: { ...camera.guard, accept: value as GuardConfig['accept'] } }),
    strongest: 'manual',
  },
  {
    path: 'lookAhead',
    takesTwo: false,
    strength: Number,
    read: ({ lookAhead }) => lookAhead,
    write: (camera, value) => ({ ...camera, lookAhead: Number(value) }),
    // Each frame costs memory and delay: not more than the file asks for.
    strongest: 0,
  },
  {
    path: 'ptz',
    takesTwo: false,
    strength: (value) => (value === NONE ? 0 : 1),
    read: ({ ptz }) => (ptz === null ? NONE : `${PRESET}${ptz.preset}`),
    write: (camera, value, kept) => ({
      ...camera,
      ptz: kept?.ptz ?? bindingTo(String(value).slice(PRESET.length), camera),
    }),
    strongest: NONE,
  },
];

/** Who is told of alerts, by path: of which severity on; milder is stronger, since more is told. */
const toldFrom = (severity: Value): number =>
  severity === NONE ? 0 : SEVERITIES.length - SEVERITIES.indexOf(severity as Severity);

/**
 * A receiver of alerts. Where it is lies in the site file alone, with its secret: after a start, one that the file does not name any
 * more cannot be told, but it is still asked for.
 */
const webhook = (id: string): Safeguard<Site> => ({
  path: `${WEBHOOKS}${id}`,
  takesTwo: false,
  strength: toldFrom,
  read: ({ notify }) => notify.webhooks.find((one) => one.id === id)?.severity ?? NONE,
  write: (site, value, kept) => {
    const others = site.notify.webhooks.filter((one) => one.id !== id);
    const known = [...site.notify.webhooks, ...(kept?.notify.webhooks ?? [])].find((one) => one.id === id);
    const webhooks = known ? [...others, { ...known, severity: value as Severity }] : others;
    return { ...site, notify: { ...site.notify, webhooks } };
  },
  strongest: NONE,
});
const WEBHOOKS = 'notify.webhooks.';

const MQTT: Safeguard<Site> = {
  path: 'notify.mqtt',
  takesTwo: false,
  strength: toldFrom,
  read: ({ notify }) => notify.mqtt?.severity ?? NONE,
  write: (site, value, kept) => {
    const known = site.notify.mqtt ?? kept?.notify.mqtt ?? null;
    return { ...site, notify: { ...site.notify, mqtt: known && { ...known, severity: value as Severity } } };
  },
  strongest: NONE,
};

/** The webhooks of a site file, and those that were in force before. */
const webhooks = ({ notify }: Site, before: Safeguards): readonly Safeguard<Site>[] => {
  const known = [...before.keys()]
    .filter((path) => path.startsWith(WEBHOOKS))
    .map((path) => path.slice(WEBHOOKS.length));
  return [...new Set([...notify.webhooks.map(({ id }) => id), ...known])].map(webhook);
};

/** Everything of a site, each value with what reads and writes it in the site. */
const all = (site: Site, before: Safeguards = new Map()): readonly Safeguard<Site>[] => [
  ...OF_SITE,
  ...webhooks(site, before),
  MQTT,
  ...site.cameras.flatMap(({ id }, index) =>
    OF_CAMERA.map(
      (one): Safeguard<Site> => ({
        ...one,
        path: `cameras.${id}.${one.path}`,
        read: ({ cameras }) => one.read(cameras[index]!),
        write: (to, value, kept) => {
          const before = kept?.cameras.find((camera) => camera.id === id) ?? null;
          const change = (camera: CameraConfig, at: number) =>
            at === index ? one.write(camera, value, before) : camera;
          return { ...to, cameras: to.cameras.map(change) };
        },
      }),
    ),
  ),
];

/** What a site file says. */
export const safeguardsOf = (site: Site): Safeguards => new Map(all(site).map(({ path, read }) => [path, read(site)]));

/** What holds where what was in force is not known: the strongest of everything. */
export const strongestOf = (site: Site): Safeguards =>
  new Map(all(site).map(({ path, strength, strongest, read }) => [path, stronger(strength, strongest, read(site))]));

/**
 * A site file against what is in force.
 *
 * @param kept the site in force; null after a start
 * @returns `site` as it comes into force, with what it weakens left as it was; `inForce` after that, with what was in force for cameras
 * that the file does not name any more; `weakenings` that wait for people
 */
export const withSafeguards = (
  wanted: Site,
  before: Safeguards,
  kept: Site | null,
): { readonly site: Site; readonly inForce: Safeguards; readonly weakenings: readonly Weakening[] } => {
  const inForce = new Map(before);
  const weakenings: Weakening[] = [];
  let site = wanted;
  for (const { path, strength, read, write, takesTwo } of all(wanted, before)) {
    const [from, to] = [before.get(path), read(wanted)];
    if (from !== undefined && strength(to) < strength(from)) {
      weakenings.push({ path, from, to, takesTwo });
      site = write(site, from, kept);
    } else inForce.set(path, to);
  }
  return { site, inForce, weakenings };
};

/** As a sentence of the log and of alerts has it. */
export const describeWeakening = ({ path, from, to }: Weakening): string => `${path}: ${from} -> ${to}`;

const stronger = (strength: (value: Value) => number, a: Value, b: Value): Value =>
  strength(a) >= strength(b) ? a : b;
