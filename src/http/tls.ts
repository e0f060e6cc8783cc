import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import type { ServerTls } from '../config/site.js';
import { VeilgateError } from '../errors.js';

/** A certificate and its key, read and found to belong together. */
export interface TlsIdentity {
  /** PEM, with the chain. */
  readonly cert: Buffer;
  /** PEM. */
  readonly key: Buffer;
  /** Whether the certificate is for this host, given as it stands in an address, without brackets. */
  readonly isFor: (host: string) => boolean;
}

/**
 * Reads the certificate of the HTTP side.
 *
 * @throws VeilgateError `tls-unusable` where a file cannot be read, holds something else, or the two do not belong together
 */
export const readTls = async ({ cert, key }: ServerTls): Promise<TlsIdentity> => {
  const [certBytes, keyBytes] = await Promise.all([readPem(cert, 'cert'), readPem(key, 'key')]);
  const certificate = attempt(
    `${cert} holds no certificate in PEM (server.tls.cert).`,
    () => new X509Certificate(certBytes),
  );
  const privateKey = attempt(`${key} holds no private key in PEM without a passphrase (server.tls.key).`, () =>
    createPrivateKey(keyBytes),
  );
  if (!certificate.checkPrivateKey(privateKey)) {
    throw unusable(`The key in ${key} is not that of the certificate in ${cert}.`);
  }
  const isFor = (host: string): boolean =>
    (isIP(host) > 0 ? certificate.checkIP(host) : certificate.checkHost(host)) !== undefined;
  return { cert: certBytes, key: keyBytes, isFor };
};

const readPem = async (path: string, what: 'cert' | 'key'): Promise<Buffer> => {
  try {
    return await readFile(path);
  } catch (cause) {
    const { code = 'unknown' } = cause as NodeJS.ErrnoException;
    throw unusable(`${path} (server.tls.${what}) cannot be read (${code}).`, cause);
  }
};

const attempt = <T>(message: string, action: () => T): T => {
  try {
    return action();
  } catch (cause) {
    throw unusable(message, cause);
  }
};

const unusable = (message: string, cause?: unknown): VeilgateError =>
  new VeilgateError('tls-unusable', `${message} Correct the site file, or the file.`, { cause });
