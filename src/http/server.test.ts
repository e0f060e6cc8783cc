import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { SILENT_LOGGER } from '../rtsp/logger.js';
import { serveApp } from './gateway.fixture.js';
import { type HttpLimits, type HttpListener, listenHttp } from './server.js';

const HELLO: RequestListener = (_request, response) => response.end('hello');

const open: (HttpListener | Socket)[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await ('port' in one ? one.close() : one.destroy());
});

const listen = async (app: RequestListener, limits: Partial<HttpLimits> = {}): Promise<HttpListener> => {
  const listener = await listenHttp(app, { address: { host: '127.0.0.1', port: 0 }, logger: SILENT_LOGGER, limits });
  open.push(listener);
  return listener;
};

const dial = async ({ port }: { readonly port: number }, sent = ''): Promise<Socket> => {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  open.push(socket);
  await once(socket, 'connect');
  socket.write(sent);
  return socket;
};

/** Everything that comes until the other side closes. */
const untilClosed = (socket: Socket): Promise<string> => text(socket).catch(() => '');

const GET = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';

describe('listening', () => {
  it('takes any free port where 0 is asked for, and says which', async () => {
    const { port } = await listen(HELLO);
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('hello');
  });

  it('fails on a port that is in use, naming the key of the site file and the cure', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    await expect(
      listenHttp(HELLO, { address: { host: '127.0.0.1', port }, logger: SILENT_LOGGER }),
    ).rejects.toMatchObject({
      code: 'port-in-use',
      message: `server.http: port ${port} of 127.0.0.1 is already in use; stop the program that has it, or choose another port.`,
    });
    other.close();
  });

  it('fails on an address that this machine does not have', async () => {
    const address = { host: '203.0.113.1', port: 0 }; // of documents only: RFC 5737
    await expect(listenHttp(HELLO, { address, logger: SILENT_LOGGER })).rejects.toMatchObject({
      code: 'address-unavailable',
      message: expect.stringContaining('server.http'),
    });
  });
});

describe('closing', () => {
  it('ends connections that wait for another request, at once', async () => {
    const listener = await listen(HELLO, { keepAliveMs: 60_000, closeMs: 60_000 });
    const socket = await dial(listener, GET);
    await once(socket, 'data');
    const ended = once(socket, 'close');
    socket.resume();
    await listener.close();
    await ended;
  });

  it('lets a request finish that is being served, and its connection ends with it', async () => {
    const finish: (() => void)[] = [];
    const limits = { keepAliveMs: 60_000, closeMs: 60_000 };
    const listener = await listen((_request, response) => void finish.push(() => response.end('finished')), limits);
    const answer = untilClosed(await dial(listener, GET));
    await expect.poll(() => finish.length).toBe(1);
    const closed = listener.close();
    finish[0]!();
    await closed;
    expect(await answer).toContain('finished');
  });

  it('does not wait for a request that never ends', async () => {
    const listener = await listen(() => undefined, { closeMs: 50 });
    const socket = await dial(listener, GET);
    const ended = untilClosed(socket);
    await listener.close();
    expect(await ended).toBe('');
  });
});

describe('a client that takes its time', () => {
  const answerOfGateway = async (sent: string, limits: Partial<HttpLimits>): Promise<string> => {
    const app = await serveApp({}, limits);
    open.push(app.listener);
    return untilClosed(await dial(app, sent));
  };

  it('over its headers is sent away', async () => {
    const answer = await answerOfGateway('GET /healthz HTTP/1.1\r\nHost: local', { headersTimeoutMs: 100 });
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('before its first byte is sent away', async () => {
    expect(await answerOfGateway('', { headersTimeoutMs: 100 })).toMatch(/^(HTTP\/1\.1 408 .*)?/);
  });

  it('over its body is sent away', async () => {
    const head = 'PUT /api/v1/cameras/lobby/withheld HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50\r\n\r\n{';
    const answer = await answerOfGateway(head, { headersTimeoutMs: 100, requestTimeoutMs: 200 });
    expect(answer).toMatch(/^HTTP\/1\.1 (401|408) /);
  });

  it('between two requests is sent away', async () => {
    const answer = await answerOfGateway(GET.replace('GET /', 'GET /healthz'), { keepAliveMs: 50 });
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('while nothing comes from either side is sent away', async () => {
    const listener = await listen(() => undefined, { silenceMs: 100 });
    expect(await untilClosed(await dial(listener, GET))).toBe('');
  });
});

describe('a client that sends too much', () => {
  it('in its headers is refused', async () => {
    const app = await serveApp();
    open.push(app.listener);
    const socket = await dial(app, `GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`);
    expect(await untilClosed(socket)).toMatch(/^HTTP\/1\.1 431 /);
  });

  it('that is no HTTP is refused, and others are served', async () => {
    const app = await serveApp();
    open.push(app.listener);
    expect(await untilClosed(await dial(app, '\x16\x03\x01\x02\x00\x01\x00'))).toMatch(/^HTTP\/1\.1 400 /);
    expect((await app.ask('/healthz')).status).toBe(200);
  });
});

describe('connections over the bound', () => {
  it('are taken in place of the oldest that is not being served', async () => {
    const app = await serveApp({}, { maxConnections: 3 });
    open.push(app.listener);
    const first = await dial(app);
    const second = await dial(app, 'GET /healthz HTTP/1.1\r\nHost: local');
    const third = await dial(app);
    const gone = untilClosed(first);
    expect((await app.ask('/healthz')).status).toBe(200);
    await gone;
    expect([second.destroyed, third.destroyed]).toEqual([false, false]);
  });

  it('never end a request that is being served: where all are busy, the new one goes', async () => {
    const finish: (() => void)[] = [];
    const listener = await listen((_request, response) => void finish.push(() => response.end('served')), {
      maxConnections: 2,
    });
    const busy = [await dial(listener, GET), await dial(listener, GET)].map(untilClosed);
    await expect.poll(() => finish.length).toBe(2);
    expect(await untilClosed(await dial(listener, GET))).toBe('');
    for (const end of finish) end();
    const closed = listener.close();
    for (const answer of await Promise.all(busy)) expect(answer).toContain('served');
    await closed;
  });

  it('are taken again once others have left', async () => {
    const app = await serveApp({}, { maxConnections: 2 });
    open.push(app.listener);
    for (let round = 0; round < 20; round++) {
      const socket = await dial(app);
      socket.destroy();
      await once(socket, 'close');
      expect((await app.ask('/healthz')).status).toBe(200);
    }
  });
});
