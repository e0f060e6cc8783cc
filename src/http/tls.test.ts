import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SILENT_LOGGER } from '../rtsp/logger.js';
import { listenHttp } from './server.js';
import { readTls } from './tls.js';
import { watchTls } from './tls-watch.js';

let dir: string;
const at = (name: string): string => join(dir, name);

/** A certificate that vouches for itself, and its key. */
const make = (name: string): void => {
  const subject = ['-subj', '/CN=veilgate', '-addext', 'subjectAltName=DNS:gate.example,IP:127.0.0.1'];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', at(`${name}.key`)];
  execFileSync('openssl', ['req', '-x509', ...key, '-out', at(`${name}.crt`), '-days', '2', ...subject], {
    stdio: 'ignore',
  });
};

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'veilgate-tls-'));
  make('one');
  make('two');
});
afterAll(() => rmSync(dir, { recursive: true }));

describe('the certificate of the HTTP side', () => {
  it('is read with its key, and knows its names', async () => {
    const { isFor } = await readTls({ cert: at('one.crt'), key: at('one.key') });
    expect(['gate.example', '127.0.0.1', 'attacker.example', '10.0.0.1'].map(isFor)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it.each([
    ['is missing', 'none.crt', 'one.key', /none\.crt \(server\.tls\.cert\) cannot be read \(ENOENT\)/],
    ['is no certificate', 'one.key', 'one.key', /holds no certificate/],
    ['has a key that is none', 'one.crt', 'one.crt', /holds no private key/],
    ['has the key of another', 'one.crt', 'two.key', /is not that of the certificate/],
  ])('that %s is refused with the reason', async (_, cert, key, message) => {
    const reading = readTls({ cert: at(cert), key: at(key) });
    await expect(reading).rejects.toMatchObject({ code: 'tls-unusable', message: expect.stringMatching(message) });
  });

  it('is shown, and a renewed one is taken up without a restart; one that is broken is not', async () => {
    copyFileSync(at('one.crt'), at('now.crt'));
    copyFileSync(at('one.key'), at('now.key'));
    const files = { cert: at('now.crt'), key: at('now.key') };
    const first = await readTls(files);
    const app = (_: unknown, response: { end(text: string): void }) => response.end('hello');
    const listener = await listenHttp(app, {
      address: { host: '127.0.0.1', port: 0 },
      logger: SILENT_LOGGER,
      tls: first,
    });
    const shown = (): Promise<string> =>
      new Promise((resolve, reject) => {
        const socket = connect({ port: listener.port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
          resolve(socket.getPeerX509Certificate()!.fingerprint256);
          socket.end();
        }).on('error', reject);
      });
    const answer = await new Promise<string>((resolve, reject) => {
      const options = { port: listener.port, host: '127.0.0.1', ca: first.cert, agent: false };
      get(options, (response) => resolve(text(response))).on('error', reject);
    });
    expect(answer).toBe('hello');
    const watch = watchTls(files, first, listener, SILENT_LOGGER);
    const before = await shown();
    writeFileSync(files.cert, 'half a cert');
    await watch.check();
    expect(await shown()).toBe(before);
    copyFileSync(at('two.crt'), files.cert);
    copyFileSync(at('two.key'), files.key);
    await watch.check();
    expect(await shown()).not.toBe(before);
    watch.stop();
    await listener.close();
  });

  it('makes old versions of TLS fail', async () => {
    const tls = await readTls({ cert: at('one.crt'), key: at('one.key') });
    const listener = await listenHttp(() => {}, {
      address: { host: '127.0.0.1', port: 0 },
      logger: SILENT_LOGGER,
      tls,
    });
    const socket = connect({
      port: listener.port,
      rejectUnauthorized: false,
      maxVersion: 'TLSv1.1',
      minVersion: 'TLSv1',
    });
    await expect(new Promise((_, reject) => socket.on('error', reject))).rejects.toThrow();
    await listener.close();
  });
});
