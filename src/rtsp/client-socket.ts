import net from 'node:net';
import tls from 'node:tls';
import { RtspClientError } from './client-error.js';
import type { SourceAddress } from './client-url.js';

export interface TlsOptions {
  /** False accepts any certificate: most cameras have one of their own making. */
  readonly rejectUnauthorized: boolean;
  /** PEM of the authority to trust instead of the system's. */
  readonly ca?: string | undefined;
}

/** Begins to connect. Requests are small and each is waited for: nothing is held back to fill a packet. */
export const openSocket = (address: SourceAddress, options: TlsOptions): net.Socket => {
  const { host, port } = address;
  const socket = address.tls ? tls.connect({ host, port, ...trust(host, options) }) : net.connect(port, host);
  return socket.setNoDelay(true);
};

const trust = (host: string, { rejectUnauthorized, ca }: TlsOptions): tls.ConnectionOptions => ({
  rejectUnauthorized,
  ...(ca === undefined ? {} : { ca }),
  // A name is sent for names only (RFC 6066, 3).
  ...(net.isIP(host) === 0 ? { servername: host } : {}),
});

/** What an error of the system means for the source, in words. */
export const describeSocketError = (error: NodeJS.ErrnoException, where: string): RtspClientError => {
  const code = error.code ?? 'unknown error';
  const options = { cause: error };
  if (/CERT|SELF_SIGNED|ISSUER|ALTNAME/.test(code)) {
    const message = `${where} has a certificate that is not trusted (${code}); give its authority, or allow it explicitly`;
    return new RtspClientError('source-refused', message, options);
  }
  const words: Readonly<Record<string, string>> = {
    ECONNREFUSED: 'refused the connection; is it on, and is the port right?',
    ENOTFOUND: 'has a host name that does not exist',
    EAI_AGAIN: 'has a host name that cannot be looked up now',
    EHOSTUNREACH: 'cannot be reached from here',
    ENETUNREACH: 'cannot be reached from here',
    ETIMEDOUT: 'did not answer',
    ECONNRESET: 'cut the connection',
    EPIPE: 'cut the connection',
  };
  return new RtspClientError('source-lost', `${where} ${words[code] ?? 'cannot be talked to'} (${code})`, options);
};
