/**
 * What no schema of one value can say: ids that repeat, keys that contradict or need each other. Works on the value as
 * written, and on whatever is there, so that these faults are reported beside those of the schema and not after them.
 */
import { EVERYBODY, isProhibitedKind } from '../zones/zone.js';
import type { Issue, Path } from './issue.js';
import { isLoopback, parseListenAddress } from './listen-address.js';
import { quote } from './quote.js';
import { DEFAULT_HTTP, DEFAULT_RTSP } from './schema.js';
import type { ListenAddress } from './site.js';
import { parseSource } from './source.js';

type Group = Readonly<Record<string, unknown>>;

/** Checks a whole site. */
export const crossCheckSite = (value: unknown): Issue[] => {
  const site = group(value);
  const cameras = list(site.cameras);
  return [
    ...checkServer(group(site.server)),
    ...checkUnique(cameras, ['cameras'], 'camera', 'Every camera has its own stream: give it another id.'),
    ...checkUnique(list(group(site.notify).webhooks), ['notify', 'webhooks'], 'webhook', 'Give it another id.'),
    ...cameras.flatMap((camera, index) => checkCamera(group(camera), ['cameras', index])),
  ];
};

/** Checks the zones of one camera; `path` leads to the list. */
export const crossCheckZones = (value: unknown, path: Path): Issue[] => {
  const zones = list(value);
  return [
    ...checkUnique(zones, path, 'zone', 'Give it another id.'),
    ...zones.flatMap((zone, index) => checkStyle(group(zone), [...path, index])),
    ...zones.flatMap((zone, index) => checkPeople(group(zone), [...path, index])),
  ];
};

/** Checks that a set which masks nothing says why, and that one which masks gives no such reason. */
export const crossCheckUnmasked = (camera: Group, path: Path): Issue[] => {
  if (!Array.isArray(camera.zones)) return [];
  const zones = list(camera.zones).map(group);
  const unmasked = camera.unmasked !== undefined;
  if (zones.length === 0 && !unmasked) {
    return [
      {
        path: [...path, 'zones'],
        at: 'value',
        code: 'unmasked-without-reason',
        message: 'No zones are listed, so the whole picture would be shown.',
        cure: 'List the privacy zones, or add "unmasked: <why nothing has to be masked>".',
      },
    ];
  }
  if (unmasked && zones.some((zone) => zone.action !== 'flag')) {
    return [
      {
        path: [...path, 'unmasked'],
        at: 'key',
        code: 'unmasked-with-zones',
        message: '"unmasked" says that nothing is masked, but zones are.',
        cure: 'Remove "unmasked", or the zones.',
      },
    ];
  }
  return [];
};

const checkCamera = (camera: Group, path: Path): Issue[] => [
  ...crossCheckZones(camera.zones, [...path, 'zones']),
  ...(camera.mask === 'people' ? checkEverybody(camera, path) : crossCheckUnmasked(camera, path)),
  ...checkSourceKeys(camera, path),
];

/** A camera that masks people needs no zones, and has one of its own. */
const checkEverybody = (camera: Group, path: Path): Issue[] => [
  ...(camera.unmasked === undefined
    ? []
    : [
        {
          path: [...path, 'unmasked'],
          at: 'key' as const,
          code: 'unmasked-with-zones',
          message: '"unmasked" says that nothing is masked, but people are.',
          cure: 'Remove "unmasked", or "mask".',
        },
      ]),
  ...list(camera.zones).flatMap((zone, index): Issue[] =>
    group(zone).id !== EVERYBODY.id
      ? []
      : [
          {
            path: [...path, 'zones', index, 'id'],
            at: 'value',
            code: 'duplicate-id',
            message: `${quote(EVERYBODY.id)} is the zone that "mask: people" makes.`,
            cure: 'Give it another id.',
          },
        ],
  ),
];

const checkUnique = (entries: readonly unknown[], path: Path, what: string, cure: string): Issue[] => {
  const first = new Map<unknown, number>();
  return entries.flatMap((entry, index): Issue[] => {
    const { id } = group(entry);
    if (typeof id !== 'string') return [];
    const earlier = first.get(id);
    if (earlier === undefined) {
      first.set(id, index);
      return [];
    }
    const message = `There is another ${what} ${quote(id)}: number ${earlier + 1} in the list.`;
    return [{ path: [...path, index, 'id'], at: 'value', code: 'duplicate-id', message, cure }];
  });
};

/** People can be told apart from a place, and what must not be seen of a place of Art. 15 is not the people alone. */
const checkPeople = (zone: Group, path: Path): Issue[] => {
  const { kind, style, action, mask, onPerson, dwell } = zone;
  const issue = (key: string, code: string, message: string, cure: string): Issue => ({
    path: [...path, key],
    at: 'key',
    code,
    message,
    cure,
  });
  const issues: Issue[] = [];
  if (mask === 'people' && typeof kind === 'string' && isProhibitedKind(kind))
    issues.push(
      issue('mask', 'mask-people-prohibited', `A ${kind} (Art. 15) is masked as a whole.`, 'Remove the key.'),
    );
  else if (mask === 'people' && (style === 'pixelate' || style === 'blur'))
    issues.push(
      issue('style', 'style-reversible', `People are not masked with ${style}.`, 'Write solid, or remove the key.'),
    );
  if (mask !== undefined && action === 'flag')
    issues.push(
      issue(
        'mask',
        'key-without-effect',
        'A zone that is only flagged masks nothing.',
        'Remove it, or "action: flag".',
      ),
    );
  if (dwell !== undefined && onPerson !== 'alert')
    issues.push(
      issue(
        'dwell',
        'key-without-effect',
        '"dwell" is told by an alert, and none is asked for.',
        'Add "onPerson: alert".',
      ),
    );
  return issues;
};

const checkStyle = (zone: Group, path: Path): Issue[] => {
  const { kind, style } = zone;
  if (typeof kind !== 'string' || !isProhibitedKind(kind) || (style !== 'pixelate' && style !== 'blur')) return [];
  return [
    {
      path: [...path, 'style'],
      at: 'value',
      code: 'style-reversible',
      message: `A ${kind} (Art. 15) may not be masked with ${style}, which can be recovered in part.`,
      cure: 'Write solid, or remove the key.',
    },
  ];
};

/** Keys that only some sources have. */
const checkSourceKeys = (camera: Group, path: Path): Issue[] => {
  if (typeof camera.source !== 'string') return [];
  const source = parseSource(camera.source);
  if (!source.ok) return [];
  const unused = (key: string, what: string, sources: string): Issue[] =>
    camera[key] === undefined
      ? []
      : [
          {
            path: [...path, key],
            at: 'key',
            code: 'key-without-effect',
            message: `"${key}" ${what}, and this source is none.`,
            cure: `Remove it, or use ${sources}.`,
          },
        ];
  const { kind } = source.value;
  return [
    ...(kind === 'file' ? [] : unused('loop', 'is for files', 'a file')),
    ...(kind === 'rtsp' ? [] : unused('transport', 'is for RTSP cameras', 'rtsp://')),
    ...(kind !== 'rtsp' && typeof group(camera.ptz).preset === 'string' && group(camera.ptz).service === undefined
      ? [
          {
            path: [...path, 'ptz'],
            at: 'key' as const,
            code: 'ptz-without-service',
            message: 'Who turns this camera cannot be told from its source, which is no RTSP address.',
            cure: 'Add "service: http://USER:PASSWORD@HOST/onvif/device_service" under "ptz".',
          },
        ]
      : []),
    ...(kind === 'rtsp' && source.value.secure ? [] : unused('tls', 'is for rtsps:// cameras', 'rtsps://')),
  ];
};

const checkServer = (server: Group): Issue[] => {
  const http = readAddress(server.http ?? DEFAULT_HTTP);
  const rtsp = readAddress(server.rtsp ?? DEFAULT_RTSP);
  const issues: Issue[] = [];
  const open = (key: string, address: ListenAddress, cure: string) =>
    issues.push({
      path: ['server', key],
      at: 'value',
      code: 'address-open',
      message: `${address.host} can be reached from the network.`,
      cure,
    });
  if (server.behindProxy !== true) {
    if (http !== null && !isLoopback(http.host) && server.tls === undefined) {
      open('http', http, 'Use 127.0.0.1, add "tls", or put a TLS proxy in front and add "behindProxy: true".');
    }
    if (rtsp !== null && !isLoopback(rtsp.host) && list(server.rtspUsers).length === 0) {
      open(
        'rtsp',
        rtsp,
        'Use 127.0.0.1, or add "rtspUsers", or "behindProxy: true" where the network itself is guarded.',
      );
    }
  }
  if (http !== null && rtsp !== null && http.port === rtsp.port && http.port !== 0) {
    issues.push({
      path: ['server', server.rtsp === undefined ? 'http' : 'rtsp'],
      at: 'value',
      code: 'port-taken',
      message: `HTTP and RTSP cannot both listen on port ${rtsp.port}.`,
      cure: 'Give one of them another port.',
    });
  }
  return issues;
};

const readAddress = (value: unknown): ListenAddress | null => {
  if (typeof value !== 'string') return null;
  const address = parseListenAddress(value);
  return address.ok ? address.value : null;
};

const group = (value: unknown): Group =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Group) : {};

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
