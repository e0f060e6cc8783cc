import { quoteStatus, RtspConnection } from './client-connection.js';
import { RtspClientError } from './client-error.js';
import type { TlsOptions } from './client-socket.js';
import type { ClientTimeouts } from './client-timeouts.js';
import { parseSourceUrl, type SourceAddress } from './client-url.js';
import type { RtspResponse } from './wire/message.js';
import { parseSdp, type SessionDescription } from './wire/sdp.js';

/** What a source said it has, and the connection on which it can be set up. */
export interface SourceOffer {
  readonly connection: RtspConnection;
  /** After redirects. */
  readonly address: SourceAddress;
  /** What control attributes are relative to. */
  readonly baseUrl: string;
  readonly description: SessionDescription;
  /** From Public, in capitals; empty where the source does not say. */
  readonly methods: ReadonlySet<string>;
  /** The software, in the source's own words. */
  readonly server: string | null;
}

export interface OfferOptions {
  readonly address: SourceAddress;
  readonly tls: TlsOptions;
  readonly timeouts: ClientTimeouts;
  /** Each connection as it is made, so that it can be closed from outside at any moment. */
  onConnection(connection: RtspConnection): void;
  onInterleaved(channel: number, payload: Buffer): void;
  onFailure(error: RtspClientError): void;
}

/** Cameras behind a balancer redirect once; more is a loop. */
const MAX_REDIRECTS = 3;
const REDIRECTS: readonly number[] = [301, 302, 305];

/**
 * Connects, asks what the source offers (OPTIONS, DESCRIBE), and follows redirects. Credentials go to the host they were given for
 * and to no other.
 * @throws RtspClientError
 */
export const requestOffer = async (options: OfferOptions): Promise<SourceOffer> => {
  let address = options.address;
  for (let redirects = 0; ; redirects++) {
    const connection = connect(address, options);
    await connection.connected;
    const offer = await describe(connection, address);
    if (!isRedirect(offer)) return offer;
    connection.close();
    if (redirects === MAX_REDIRECTS) {
      throw new RtspClientError('source-refused', `${options.address.url} redirects more than ${MAX_REDIRECTS} times`);
    }
    address = followRedirect(address, offer);
  }
};

const connect = (address: SourceAddress, options: OfferOptions): RtspConnection => {
  const { tls, timeouts } = options;
  const connection = new RtspConnection({
    address,
    tls,
    connectMs: timeouts.connectMs,
    responseMs: timeouts.responseMs,
    onInterleaved: options.onInterleaved,
    onFailure: options.onFailure,
  });
  options.onConnection(connection);
  return connection;
};

const isRedirect = (offer: SourceOffer | RtspResponse): offer is RtspResponse => 'status' in offer;

/** The offer, or the answer that redirects. */
const describe = async (connection: RtspConnection, address: SourceAddress): Promise<SourceOffer | RtspResponse> => {
  const { url } = address;
  const options = await connection.request('OPTIONS', url);
  if (REDIRECTS.includes(options.status)) return options;
  // Any other failure is ignored: some cameras know no OPTIONS. But the same credentials need not be refused twice.
  if (options.status === 401) requireSuccess(options, 'OPTIONS', url, connection);
  const response = await connection.request('DESCRIBE', url, { Accept: 'application/sdp' });
  if (REDIRECTS.includes(response.status)) return response;
  requireSuccess(response, 'DESCRIBE', url, connection);
  const description = parseSdp(response.body.toString('utf8'));
  return {
    connection,
    address,
    baseUrl: baseUrl(response, url),
    description,
    methods: parsePublic(options),
    server: response.headers.get('Server') ?? options.headers.get('Server') ?? null,
  };
};

/** RFC 2326, C.1.1. Anything but an absolute URL there is a camera's mistake. */
const baseUrl = (response: RtspResponse, url: string): string => {
  const candidates = [response.headers.get('Content-Base'), response.headers.get('Content-Location')];
  return candidates.find((candidate) => candidate && /^rtsps?:\/\/\S+$/i.test(candidate)) ?? url;
};

const parsePublic = (response: RtspResponse): ReadonlySet<string> =>
  new Set(
    response.headers
      .getAll('Public')
      .flatMap((value) => value.split(','))
      .map((method) => method.trim().toUpperCase())
      .filter((method) => method !== ''),
  );

/** @throws RtspClientError that tells in words what a status other than 200 means for the source. */
export const requireSuccess = (
  response: RtspResponse,
  method: string,
  url: string,
  connection: RtspConnection,
): void => {
  const { status } = response;
  if (status >= 200 && status < 300) return;
  throw new RtspClientError(status >= 500 || status === 454 ? 'source-lost' : 'source-refused', refusal());

  function refusal(): string {
    const said = `(${method}: ${quoteStatus(response)})`;
    const { challenge, hasCredentials } = connection.authenticator;
    if (status === 401 && !challenge) return `${url} asks for a kind of authentication that is not supported ${said}`;
    if (status === 401 && !hasCredentials) {
      return `${url} asks for a user name and a password, and the source's address has none ${said}`;
    }
    if (status === 401) return `${url} does not accept the user name or the password ${said}`;
    if (status === 403) return `${url} forbids access; does this user have the right to view? ${said}`;
    if (status === 404) return `${url} does not exist on the camera; check the path ${said}`;
    if (status === 453) return `${url} has no room for another viewer ${said}`;
    return `${url} refused ${said}`;
  }
};

const followRedirect = (from: SourceAddress, response: RtspResponse): SourceAddress => {
  const to = parseSourceUrl(response.headers.get('Location') ?? '');
  if (!to) throw new RtspClientError('source-refused', `${from.url} redirects to an address that is no RTSP URL`);
  if (from.tls && !to.tls) {
    throw new RtspClientError('source-refused', `${from.url} redirects to ${to.url}, which is not encrypted`);
  }
  const sameHost = to.host.toLowerCase() === from.host.toLowerCase();
  return { ...to, credentials: to.credentials ?? (sameHost ? from.credentials : null) };
};
