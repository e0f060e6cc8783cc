import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { ListenAddress } from '../config/site.js';
import { VeilgateError } from '../errors.js';
import type { Logger } from '../rtsp/logger.js';
import { boundConnections } from './connection-bound.js';
import type { TlsIdentity } from './tls.js';
import { routeUpgrades } from './upgrade.js';

/** What an HTTP server grants. Times in milliseconds. */
export interface HttpLimits {
  /** Beyond it, the connection that has waited longest between requests goes. */
  readonly maxConnections: number;
  /** From a connection, or the first byte of a request, to the end of its headers. */
  readonly headersTimeoutMs: number;
  /** To the end of its body. */
  readonly requestTimeoutMs: number;
  /** Between two requests of a connection. */
  readonly keepAliveMs: number;
  /** Without a byte in either direction while a request is served. */
  readonly silenceMs: number;
  readonly maxHeaderBytes: number;
  /** What requests that are being served get to finish when the server closes. */
  readonly closeMs: number;
}

export const DEFAULT_HTTP_LIMITS: HttpLimits = {
  // A browser opens six, and a dozen operators with a scraper and a load balancer stay below it.
  maxConnections: 128,
  // Headers are one packet; 10 s is what a lossy mobile link may need for it.
  headersTimeoutMs: 10_000,
  // 256 KiB at 100 kb/s take 20 s.
  requestTimeoutMs: 30_000,
  // Longer than the status page's interval, so that it keeps its connections.
  keepAliveMs: 5_000,
  // A zone change or a snapshot is answered within 2 s.
  silenceMs: 30_000,
  // Node's own bound: no client of the API comes near it.
  maxHeaderBytes: 16 * 1024,
  // Zone changes take up to 1.5 s to be answered.
  closeMs: 2_000,
};

/** Headers a request may have: browsers send about 20, proxies add a few. */
const MAX_HEADERS = 100;

/** How often timeouts are looked at, ms. */
const SWEEP_INTERVAL_MS = 1_000;

export interface ListenOptions {
  readonly address: ListenAddress;
  readonly logger: Logger;
  readonly limits?: Partial<HttpLimits>;
  /** Serves over TLS, as this. */
  readonly tls?: TlsIdentity | null;
}

/** Older versions are broken (RFC 8996). */
const MIN_TLS = 'TLSv1.2';

/** An HTTP server that listens. */
export class HttpListener {
  readonly #server: Server;
  readonly #closeMs: number;
  #closing = false;

  constructor(server: Server, closeMs: number) {
    this.#server = server;
    this.#closeMs = closeMs;
    server.on('request', (_request, response) => {
      response.once('close', () => {
        // Node closes those that are idle when it is told to, and not those that become so.
        if (this.#closing) server.closeIdleConnections();
      });
    });
  }

  /** The port it has, where 0 was asked for. */
  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Shows this certificate from the next connection on. */
  renew({ cert, key }: TlsIdentity): void {
    if ('setSecureContext' in this.#server)
      (this.#server as TlsServer).setSecureContext({ cert, key, minVersion: MIN_TLS });
  }

  /** Takes no more requests, lets those that are being served finish for a moment, and closes every connection. */
  async close(): Promise<void> {
    this.#closing = true;
    const closed = once(this.#server, 'close');
    this.#server.close(); // idle connections go with it
    const impatience = setTimeout(() => this.#server.closeAllConnections(), this.#closeMs);
    await closed;
    clearTimeout(impatience);
  }
}

/**
 * Serves an app over HTTP, within bounds on time, size and number.
 *
 * @throws VeilgateError `port-in-use` or `address-unavailable`
 */
export const listenHttp = async (app: RequestListener, options: ListenOptions): Promise<HttpListener> => {
  const { address, logger } = options;
  const limits = { ...DEFAULT_HTTP_LIMITS, ...options.limits };
  const { headersTimeoutMs, requestTimeoutMs } = limits;
  const settings = {
    headersTimeout: headersTimeoutMs,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveMs,
    maxHeaderSize: limits.maxHeaderBytes,
    connectionsCheckingInterval: Math.min(SWEEP_INTERVAL_MS, headersTimeoutMs / 4, requestTimeoutMs / 4),
  };
  const server = options.tls
    ? createTlsServer(
        {
          ...settings,
          cert: options.tls.cert,
          key: options.tls.key,
          minVersion: MIN_TLS,
          handshakeTimeout: headersTimeoutMs,
        },
        app,
      )
    : createServer(settings, app);
  routeUpgrades(server, app);
  server.maxHeadersCount = MAX_HEADERS;
  server.setTimeout(limits.silenceMs);
  boundConnections(server, limits.maxConnections, logger);
  server.listen(address.port, address.host);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw listenError(error, address);
  }
  server.on('error', (error) => logger.warn({ err: error }, 'HTTP connection could not be accepted'));
  return new HttpListener(server, limits.closeMs);
};

const listenError = (error: unknown, { host, port }: ListenAddress): VeilgateError => {
  const { code = 'unknown' } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') {
    const message = `server.http: port ${port} of ${host} is already in use; stop the program that has it, or choose another port.`;
    return new VeilgateError('port-in-use', message, { cause: error });
  }
  const message = `server.http: cannot listen on port ${port} of ${host} (${code}); choose another address or port.`;
  return new VeilgateError('address-unavailable', message, { cause: error });
};
