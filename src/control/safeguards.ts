/**
 * What of a site file protects people and records, beside zones and places: a file may make it stronger at once, and weaker only on
 * people's word. Pure.
 */
import type { CameraConfig, GuardConfig, Site, VisionConfig } from '../config/site.js';

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
  /** `value` is one that `read` gave. */
  write(to: T, value: Value): T;
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
    path: 'vision.mode',
    takesTwo: false,
    strength: (value) => (value === 'on' ? 1 : 0),
    read: ({ vision }) => vision.mode,
    write: (site, value) => ({ ...site, vision: { ...site.vision, mode: value as VisionConfig['mode'] } }),
    strongest: 'on',
  },
];

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
];

/** Everything of a site, each value with what reads and writes it in the site. */
const all = (site: Site): readonly Safeguard<Site>[] => [
  ...OF_SITE,
  ...site.cameras.flatMap(({ id }, index) =>
    OF_CAMERA.map(
      (one): Safeguard<Site> => ({
        ...one,
        path: `cameras.${id}.${one.path}`,
        read: ({ cameras }) => one.read(cameras[index]!),
        write: (to, value) => ({
          ...to,
          cameras: to.cameras.map((camera, at) => (at === index ? one.write(camera, value) : camera)),
        }),
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
 * @returns `site` as it comes into force, with what it weakens left as it was; `inForce` after that, with what was in force for cameras
 * that the file does not name any more; `weakenings` that wait for people
 */
export const withSafeguards = (
  wanted: Site,
  before: Safeguards,
): { readonly site: Site; readonly inForce: Safeguards; readonly weakenings: readonly Weakening[] } => {
  const inForce = new Map(before);
  const weakenings: Weakening[] = [];
  let site = wanted;
  for (const { path, strength, read, write, takesTwo } of all(wanted)) {
    const [from, to] = [before.get(path), read(wanted)];
    if (from !== undefined && strength(to) < strength(from)) {
      weakenings.push({ path, from, to, takesTwo });
      site = write(site, from);
    } else inForce.set(path, to);
  }
  return { site, inForce, weakenings };
};

/** As a sentence of the log and of alerts has it. */
export const describeWeakening = ({ path, from, to }: Weakening): string => `${path}: ${from} -> ${to}`;

const stronger = (strength: (value: Value) => number, a: Value, b: Value): Value =>
  strength(a) >= strength(b) ? a : b;
