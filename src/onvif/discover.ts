import { networkInterfaces } from 'node:os';
import onvif from 'onvif';
import { type FoundDevice, MAX_ADDRESS, MAX_FOUND, MAX_NAME } from './scouting.js';

const { Discovery } = onvif;

/** Asks every network that this machine is on for its ONVIF cameras (WS-Discovery, UDP port 3702), and takes what answers in time. */
export const discoverDevices = async (timeoutMs: number): Promise<readonly FoundDevice[]> => {
  // An 'error' that nobody hears ends the process; one odd device is no reason to hear of none.
  Discovery.on('error', () => undefined);
  const found = new Map<string, FoundDevice>();
  const networks = Object.entries(networkInterfaces()).filter(([, addresses]) =>
    addresses?.some(({ family }) => family === 'IPv4'),
  );
  await Promise.all(
    networks.map(
      ([device]) =>
        new Promise<void>((resolve) => {
          Discovery.probe({ timeout: timeoutMs, resolve: false, device }, (_error, answers: unknown) => {
            for (const answer of Array.isArray(answers) ? answers : [])
              for (const described of devicesOf(answer)) found.set(described.service, described);
            resolve();
          });
        }),
    ),
  );
  return [...found.values()].sort((a, b) => a.service.localeCompare(b.service)).slice(0, MAX_FOUND);
};

interface RawMatch {
  readonly XAddrs?: unknown;
  readonly scopes?: unknown;
}

const devicesOf = (answer: unknown): FoundDevice[] => {
  const matches = (answer as { probeMatches?: { probeMatch?: RawMatch | RawMatch[] } }).probeMatches?.probeMatch;
  return [matches ?? []].flat().flatMap(({ XAddrs, scopes }) => {
    const service = words(XAddrs).find(isService);
    if (service === undefined) return [];
    const scope = (name: string): string => {
      const prefix = `onvif://www.onvif.org/${name}/`;
      const value = words(scopes).find((word) => word.startsWith(prefix)) ?? prefix;
      return readable(value.slice(prefix.length)).slice(0, MAX_NAME);
    };
    return [{ name: scope('name'), hardware: scope('hardware'), service }];
  });
};

/** A list as XML has it; with attributes, the library puts it under `_`. */
const words = (list: unknown): string[] => {
  const text = typeof list === 'object' && list !== null ? (list as { _?: unknown })._ : list;
  return typeof text === 'string' ? text.split(/\s+/) : [];
};

const isService = (address: string): boolean =>
  address.length <= MAX_ADDRESS && /^https?:\/\/[^@]+$/i.test(address) && URL.canParse(address);

const readable = (text: string): string => {
  try {
    return decodeURIComponent(text).replace(/\p{Cc}/gu, ' ');
  } catch {
    return text;
  }
};
