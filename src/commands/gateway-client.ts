/** How commands speak to the gateway of a site that runs on this machine. */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { buffer } from 'node:stream/consumers';
import type { Site } from '../config/site.js';
import { VeilgateError } from '../errors.js';
import { findAdminToken } from '../http/admin-token.js';

export interface GatewayAnswer {
  readonly status: number;
  readonly mediaType: string;
  readonly bytes: Buffer;
}

export interface GatewayQuestion {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The environment variable with an API token, for commands that a certain person must run; else the admin token is sent. */
export const API_TOKEN_VARIABLE = 'VEILGATE_API_TOKEN';

/** Asks the gateway of a site; null where none answers. Over TLS only its own certificate is believed, by whatever name. */
export const askGateway = async (
  site: Pick<Site, 'server' | 'storage'>,
  env: NodeJS.ProcessEnv,
  question: GatewayQuestion,
): Promise<GatewayAnswer | null> => {
  const token = env[API_TOKEN_VARIABLE] || (await findAdminToken(site.storage.dir, env)) || '';
  return ask(site, { ...question, headers: { ...question.headers, authorization: `Bearer ${token}` } });
};

/** Whoever is not there answers no later, ms. */
const PATIENCE_MS = 20_000;

/**
 * Whether a gateway answers at the site's address. Asked without the token, which whoever else listens there must not see.
 * @throws VeilgateError `port-of-another`
 */
export const isGatewayThere = async (site: Pick<Site, 'server'>): Promise<boolean> => {
  const answer = await ask(site, { method: 'GET', path: '/healthz' }, AbortSignal.timeout(PATIENCE_MS));
  if (answer === null) return false;
  if (jsonOf(answer).service === 'veilgate') return true;
  const { host, port } = site.server.http;
  throw new VeilgateError(
    'port-of-another',
    `What answers at ${host}:${port} is no Veilgate of this version (status ${answer.status}, ${answer.mediaType || 'no media type'}). ` +
      'End it, or give the site file another "server.http": a gateway cannot listen beside it.',
  );
};

const ask = async (
  { server }: Pick<Site, 'server'>,
  { method, path, body, headers }: GatewayQuestion,
  signal?: AbortSignal,
): Promise<GatewayAnswer | null> => {
  const text = body === undefined ? null : JSON.stringify(body);
  const options = {
    method,
    path,
    host: reachable(server.http.host),
    port: server.http.port,
    agent: false as const,
    ...(signal && { signal }),
    headers: {
      ...headers,
      ...(text !== null && { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) }),
    },
  };
  const asked = server.tls
    ? requestHttps({
        ...options,
        ca: await readFile(server.tls.cert),
        // The certificate itself is the authority, whoever else vouches for it.
        allowPartialTrustChain: true,
        checkServerIdentity: () => undefined,
      })
    : requestHttp(options);
  try {
    asked.end(text ?? undefined);
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    return {
      status: response.statusCode ?? 0,
      mediaType: (response.headers['content-type'] ?? '').split(';')[0]!,
      bytes: await buffer(response),
    };
  } catch {
    return null;
  }
};

/** What an answer says as JSON; empty where it is none. */
export const jsonOf = ({ bytes }: GatewayAnswer): { readonly [key: string]: unknown } => {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
};

/** The sentence with which the gateway refused. */
export const refusalOf = (answer: GatewayAnswer): string => {
  const { message } = (jsonOf(answer).error ?? {}) as { message?: string };
  return message ?? `status ${answer.status}`;
};

/** An address that stands for every interface is reached on this one. */
const reachable = (host: string): string => (host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host);
