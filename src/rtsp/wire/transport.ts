import { parseParameter, quote, splitQuoted } from './parameters.js';

/** Two neighbouring ports or channels: RTP and RTCP. */
export type PortPair = readonly [rtp: number, rtcp: number];

/** One alternative of a Transport header (RFC 2326, 12.39). */
export interface Transport {
  /** `tcp`: interleaved in the RTSP connection. */
  readonly protocol: 'tcp' | 'udp';
  /** `RTP/AVPF`, where it is asked for by that name (RFC 4585). */
  readonly isAvpf?: boolean;
  readonly delivery: 'unicast' | 'multicast';
  /** TCP: the channels of RTP and RTCP. */
  readonly interleaved?: PortPair | undefined;
  /** UDP unicast: where the client receives. */
  readonly clientPort?: PortPair | undefined;
  /** UDP unicast: where the server sends from. */
  readonly serverPort?: PortPair | undefined;
  /** UDP multicast: the group's ports. */
  readonly port?: PortPair | undefined;
  readonly destination?: string | undefined;
  readonly source?: string | undefined;
  /** Multicast time to live. */
  readonly ttl?: number | undefined;
  /** u32. */
  readonly ssrc?: number | undefined;
  /** What the client wants to do; `play` where nothing is said. */
  readonly mode?: 'play' | 'record' | undefined;
}

const PROFILES: Readonly<Record<string, Transport['protocol']>> = {
  'RTP/AVP': 'udp',
  'RTP/AVP/UDP': 'udp',
  'RTP/AVP/TCP': 'tcp',
  // Feedback profiles (RFC 4585) are the same on the wire, but for when feedback may be sent.
  'RTP/AVPF': 'udp',
  'RTP/AVPF/UDP': 'udp',
  'RTP/AVPF/TCP': 'tcp',
};

/**
 * The alternatives of a Transport header, in the sender's order of preference. Those of an unknown profile (`RAW/RAW/UDP`,
 * `RTP/SAVP`) are left out: an empty list is a 461. Never throws.
 */
export const parseTransports = (value: string): Transport[] => {
  const found: Transport[] = [];
  for (const alternative of splitQuoted(value, ',')) {
    const transport = parseTransport(alternative);
    if (transport) found.push(transport);
  }
  return found;
};

const parseTransport = (text: string): Transport | null => {
  const [profile, ...parameters] = splitQuoted(text, ';');
  const protocol = PROFILES[profile?.toUpperCase() ?? ''];
  if (!protocol) return null;
  const values = new Map(parameters.map(parseParameter));
  // `delivery` defaults to multicast in the RFC; those who leave it out (some cameras) mean unicast.
  const delivery = values.has('multicast') ? 'multicast' : 'unicast';
  const mode = values.get('mode')?.toLowerCase();
  const transport: { -readonly [K in keyof Transport]: Transport[K] } = { protocol, delivery };
  transport.interleaved = pair(values.get('interleaved'), 255);
  transport.clientPort = pair(values.get('client_port'), 65535);
  transport.serverPort = pair(values.get('server_port'), 65535);
  transport.port = pair(values.get('port'), 65535);
  transport.destination = values.get('destination') || undefined;
  transport.source = values.get('source') || undefined;
  transport.ttl = decimal(values.get('ttl'), 255);
  transport.ssrc = hexadecimal(values.get('ssrc'));
  if (mode?.includes('record') || mode?.includes('receive')) transport.mode = 'record';
  else if (mode?.includes('play')) transport.mode = 'play';
  return transport;
};

const decimal = (text: string | undefined, max: number): number | undefined => {
  if (!text || !/^\d{1,5}$/.test(text)) return undefined;
  const value = Number(text);
  return value <= max ? value : undefined;
};

/** `a-b`, or `a` alone, which means a and a+1. */
const pair = (text: string | undefined, max: number): PortPair | undefined => {
  const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text?.replaceAll(' ', '') ?? '');
  if (!match) return undefined;
  const first = Number(match[1]);
  const second = match[2] === undefined ? first + 1 : Number(match[2]);
  return first <= max && second <= max ? [first, second] : undefined;
};

const hexadecimal = (text: string | undefined): number | undefined =>
  text && /^(0x)?[0-9a-f]{1,8}$/i.test(text) ? Number.parseInt(text, 16) : undefined;

/** The header value of one or more alternatives. */
export const formatTransport = (...transports: readonly Transport[]): string => transports.map(formatOne).join(',');

const formatOne = (transport: Transport): string => {
  const profile = transport.isAvpf ? 'RTP/AVPF' : 'RTP/AVP';
  const parts = [transport.protocol === 'tcp' ? `${profile}/TCP` : profile, transport.delivery];
  const add = (name: string, value: string | number | undefined): void => {
    if (value !== undefined) parts.push(`${name}=${value}`);
  };
  add('destination', transport.destination);
  add('source', transport.source);
  add('interleaved', transport.interleaved?.join('-'));
  add('port', transport.port?.join('-'));
  add('client_port', transport.clientPort?.join('-'));
  add('server_port', transport.serverPort?.join('-'));
  add('ttl', transport.ttl);
  add('ssrc', transport.ssrc?.toString(16).toUpperCase().padStart(8, '0'));
  add('mode', transport.mode && quote(transport.mode.toUpperCase()));
  return parts.join(';');
};
