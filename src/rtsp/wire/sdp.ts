/** What a payload type means (`a=rtpmap`, RFC 8866, 6.6). */
export interface RtpMap {
  /** As written: `H264`. Compare without case. */
  readonly encoding: string;
  /** Ticks a second. */
  readonly clockRate: number;
  /** Audio channels, where said. */
  readonly channels?: number | undefined;
}

export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

/** An attribute line: `a=name:value`, or `a=name` with null. */
export type SdpAttribute = readonly [name: string, value: string | null];

/** One `m=` section. */
export interface SdpMedia {
  /** `video`, `audio`, `application`, ... */
  readonly type: string;
  readonly port: number;
  /** `RTP/AVP`. */
  readonly profile: string;
  /** In order of preference. */
  readonly payloadTypes: readonly number[];
  readonly attributes: readonly SdpAttribute[];
  readonly rtpMaps: ReadonlyMap<number, RtpMap>;
  /** Format parameters by payload type; names in lower case. */
  readonly fmtp: ReadonlyMap<number, ReadonlyMap<string, string>>;
  /** `a=control` as written, to be resolved with {@link resolveControl}. */
  readonly control: string | null;
  /** Frames a second, from `a=framerate`. */
  readonly framerate: number | null;
  readonly direction: Direction;
}

/** A session description (RFC 8866), reduced to what streaming video needs. */
export interface SessionDescription {
  readonly name: string;
  readonly attributes: readonly SdpAttribute[];
  readonly control: string | null;
  readonly medias: readonly SdpMedia[];
}

/** Sections that are read: a camera has 1 to 6, and more would only be to burn our time. */
export const MAX_MEDIAS = 32;

/** Payload types that mean something without an rtpmap (RFC 3551, 6), as far as cameras use them. */
const STATIC_RTP_MAPS: ReadonlyMap<number, RtpMap> = new Map([
  [0, { encoding: 'PCMU', clockRate: 8000, channels: 1 }],
  [8, { encoding: 'PCMA', clockRate: 8000, channels: 1 }],
  [14, { encoding: 'MPA', clockRate: 90000 }],
  [26, { encoding: 'JPEG', clockRate: 90000 }],
  [32, { encoding: 'MPV', clockRate: 90000 }],
]);

const DIRECTIONS: readonly string[] = ['sendrecv', 'sendonly', 'recvonly', 'inactive'] satisfies Direction[];

/**
 * Reads a session description as cameras really write them: any line ends, unknown, doubled or misplaced lines, spaces where
 * none belong. What cannot be read is left out; never throws. Nothing found gives a description without medias.
 */
export const parseSdp = (text: string): SessionDescription => {
  const medias: SdpMedia[] = [];
  const sessionAttributes: SdpAttribute[] = [];
  let name = '';
  let media: { head: SdpMedia; attributes: SdpAttribute[] } | 'ignored' | null = null;
  const finish = (): void => {
    if (media && media !== 'ignored') medias.push(describeMedia(media.head, media.attributes));
  };
  // Some cameras end the body with a zero byte.
  for (const raw of text.replaceAll('\0', '').split(/[\r\n]+/)) {
    const match = /^([a-z])\s*=\s*(.*)$/.exec(raw.trim());
    if (!match) continue;
    const [, type, value] = match as unknown as [string, string, string];
    if (type === 'm') {
      finish();
      const head = medias.length < MAX_MEDIAS ? parseMediaLine(value) : null;
      media = head ? { head, attributes: [] } : 'ignored';
    } else if (type === 'a') {
      if (media === null) sessionAttributes.push(parseAttribute(value));
      else if (media !== 'ignored') media.attributes.push(parseAttribute(value));
    } else if (type === 's' && media === null) name = value;
  }
  finish();
  return { name, attributes: sessionAttributes, control: lastValue(sessionAttributes, 'control'), medias };
};

const parseAttribute = (text: string): SdpAttribute => {
  const colon = text.indexOf(':');
  return colon < 0 ? [text.trim(), null] : [text.slice(0, colon).trim(), text.slice(colon + 1).trim()];
};

/** `video 0 RTP/AVP 96 97`; a port may carry a count: `49170/2`. */
const parseMediaLine = (value: string): SdpMedia | null => {
  const [type, port, profile, ...formats] = value.split(/\s+/);
  if (!type || !profile || !/^\d{1,5}(\/\d+)?$/.test(port ?? '')) return null;
  return {
    type: type.toLowerCase(),
    port: Number.parseInt(port!, 10),
    profile,
    payloadTypes: formats.filter((format) => /^\d{1,3}$/.test(format) && Number(format) <= 127).map(Number),
    attributes: [],
    rtpMaps: new Map(),
    fmtp: new Map(),
    control: null,
    framerate: null,
    direction: 'sendrecv',
  };
};

const describeMedia = (head: SdpMedia, attributes: readonly SdpAttribute[]): SdpMedia => {
  const rtpMaps = new Map<number, RtpMap>();
  const fmtp = new Map<number, ReadonlyMap<string, string>>();
  for (const payloadType of head.payloadTypes) {
    const known = STATIC_RTP_MAPS.get(payloadType);
    if (known) rtpMaps.set(payloadType, known);
  }
  for (const [name, value] of attributes) {
    const match = /^(\d{1,3})\s+(.*)$/.exec(value ?? '');
    if (!match) continue;
    if (name === 'rtpmap') {
      const map = parseRtpMap(match[2]!);
      if (map) rtpMaps.set(Number(match[1]), map);
    } else if (name === 'fmtp') fmtp.set(Number(match[1]), parseFmtp(match[2]!));
  }
  const framerate = Number.parseFloat(lastValue(attributes, 'framerate') ?? '');
  const direction = attributes.findLast(([name]) => DIRECTIONS.includes(name))?.[0] as Direction | undefined;
  return {
    ...head,
    attributes,
    rtpMaps,
    fmtp,
    control: lastValue(attributes, 'control'),
    framerate: framerate > 0 && framerate <= 1000 ? framerate : null,
    direction: direction ?? 'sendrecv',
  };
};

const parseRtpMap = (text: string): RtpMap | null => {
  const match = /^([^/\s]+)\s*\/\s*(\d{1,9})(?:\s*\/\s*(\d{1,3}))?/.exec(text);
  if (!match || Number(match[2]) === 0) return null;
  const map = { encoding: match[1]!, clockRate: Number(match[2]) };
  return match[3] ? { ...map, channels: Number(match[3]) } : map;
};

const parseFmtp = (text: string): ReadonlyMap<string, string> => {
  const parameters = new Map<string, string>();
  for (const part of text.split(';')) {
    const equals = part.indexOf('=');
    const name = (equals < 0 ? part : part.slice(0, equals)).trim().toLowerCase();
    if (name !== '') parameters.set(name, equals < 0 ? '' : part.slice(equals + 1).trim());
  }
  return parameters;
};

const lastValue = (attributes: readonly SdpAttribute[], wanted: string): string | null =>
  attributes.findLast(([name]) => name === wanted)?.[1] ?? null;

/**
 * The URL of a control attribute (RFC 2326, C.1.1): `*` or none is the base itself, an absolute URL stands, anything else is
 * appended. Appended, not resolved by RFC 3986: cameras put queries in their base URL and mean `base/trackID=1`, as live555,
 * FFmpeg and GStreamer read it.
 * @param base Content-Base, else Content-Location, else the request's URL.
 */
export const resolveControl = (base: string, control: string | null): string => {
  if (control === null || control === '' || control === '*') return base;
  if (/^rtsps?:\/\//i.test(control)) return control;
  if (base.endsWith('/') || control.startsWith('/')) return `${base.replace(/\/$/, '')}/${control.replace(/^\//, '')}`;
  return `${base}/${control}`;
};

/** What {@link formatSdp} writes. */
export interface SdpOffer {
  /** Identifies the session in the `o=` line; any number. */
  readonly sessionId: number;
  /** The session's name; may be empty. */
  readonly name: string;
  /** Address in `o=` and `c=`; `0.0.0.0` where RTSP negotiates it. */
  readonly address: string;
  readonly attributes: readonly SdpAttribute[];
  readonly medias: readonly SdpMediaOffer[];
}

export interface SdpMediaOffer {
  readonly type: string;
  /** 0 where RTSP negotiates it. */
  readonly port: number;
  readonly payloadType: number;
  readonly rtpMap: RtpMap;
  /** Format parameters in the order in which they are written. */
  readonly fmtp: ReadonlyMap<string, string>;
  readonly attributes: readonly SdpAttribute[];
}

/** The text of a session description with CRLF line ends (RFC 8866, 5). */
export const formatSdp = (offer: SdpOffer): string => {
  const family = offer.address.includes(':') ? 'IP6' : 'IP4';
  const lines = [
    'v=0',
    `o=- ${offer.sessionId} 1 IN ${family} ${offer.address}`,
    `s=${offer.name || '-'}`,
    `c=IN ${family} ${offer.address}`,
    't=0 0',
    ...offer.attributes.map(formatAttribute),
  ];
  for (const media of offer.medias) {
    const { encoding, clockRate, channels } = media.rtpMap;
    lines.push(`m=${media.type} ${media.port} RTP/AVP ${media.payloadType}`);
    lines.push(`a=rtpmap:${media.payloadType} ${encoding}/${clockRate}${channels ? `/${channels}` : ''}`);
    const parameters = [...media.fmtp].map(([name, value]) => (value === '' ? name : `${name}=${value}`));
    if (parameters.length > 0) lines.push(`a=fmtp:${media.payloadType} ${parameters.join('; ')}`);
    lines.push(...media.attributes.map(formatAttribute));
  }
  return `${lines.map((line) => line.replace(/[\r\n]/g, ' ')).join('\r\n')}\r\n`;
};

const formatAttribute = ([name, value]: SdpAttribute): string => (value === null ? `a=${name}` : `a=${name}:${value}`);
