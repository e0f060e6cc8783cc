import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { Secret } from '../../config/secret.js';
import { SILENT_LOGGER } from '../../rtsp/logger.js';
import { BookOnTrial, sighting } from '../alerts/alert-book.fixture.js';
import { sqliteTestStore, type TestStore } from '../store/store.fixture.js';
import { Courier, type CourierOptions, LAST_PAUSE_MS, pauseAfter, REFUSALS } from './courier.js';
import { postEvent, signBody } from './webhook.js';

/** A receiver that answers what it is told to, and remembers what it got. */
const startReceiver = async () => {
  const got: { headers: IncomingMessage['headers']; body: string }[] = [];
  const receiver = { got, status: 200, seqs: () => got.map(({ body }) => JSON.parse(body).event.seq as number) };
  const server = createServer(async (request, response) => {
    got.push({ headers: request.headers, body: await text(request) });
    response.writeHead(receiver.status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () => new Promise((resolve) => server.close(resolve).closeAllConnections());
  return Object.assign(receiver, { url: `http://127.0.0.1:${port}/hook`, close });
};

const SECRET = 'a secret of some length';
const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

const setUp = async (options: Partial<CourierOptions> = {}) => {
  const made: TestStore = await sqliteTestStore();
  open.push(() => made[Symbol.asyncDispose]());
  const receiver = await startReceiver();
  open.push(receiver.close);
  const trial = new BookOnTrial(made.store);
  trial.now = Date.now() + 1000;
  const hook = { url: new Secret(receiver.url), secret: new Secret(SECRET) };
  const start = () => {
    const courier = new Courier({
      receiver: 'webhook:test',
      store: made.store,
      book: trial.book,
      logger: SILENT_LOGGER,
      wants: () => true,
      deliver: (news) => postEvent(hook, 'Riverside', news),
      pause: () => 10,
      ...options,
    });
    open.push(() => courier.close());
    return courier;
  };
  const raise = async (cause: string) => (await trial.book.raise(sighting({ cause }))).event!.seq;
  return { trial, made, receiver, start, raise, hook, book: trial.book };
};

describe('a courier', () => {
  it('brings every event in order, signed', async () => {
    const { receiver, start, raise } = await setUp();
    const courier = start();
    const seqs = [await raise('1'), await raise('2'), await raise('3')];
    courier.wake();
    await expect.poll(receiver.seqs).toEqual(seqs);
    const { headers, body } = receiver.got[0]!;
    const [, seconds, signature] = /^t=(\d+),v1=([\da-f]{64})$/.exec(String(headers['veilgate-signature']))!;
    expect(signature).toBe(createHmac('sha256', SECRET).update(`${seconds}.${body}`).digest('hex'));
    expect(headers['veilgate-event']).toBe(String(seqs[0]));
    expect(JSON.parse(body)).toMatchObject({
      type: 'alert',
      site: 'Riverside',
      event: { kind: 'opened', to: 'new' },
      alert: { camera: 'lobby', article: 24, cause: '1' },
    });
  });

  it('sends nothing zero times while the receiver is down or failing, and goes on where it was', async () => {
    const { receiver, start, raise } = await setUp();
    receiver.status = 503;
    const courier = start();
    const seqs = [await raise('1'), await raise('2')];
    courier.wake();
    await expect.poll(() => receiver.got.length).toBeGreaterThan(2);
    expect(new Set(receiver.seqs())).toEqual(new Set([seqs[0]]));
    receiver.status = 204;
    await expect.poll(() => [...new Set(receiver.seqs())]).toEqual(seqs);
  });

  it('brings everything after an hour without its receiver, in order, and has asked it seldom', async () => {
    // The clock goes on by the pauses alone: an hour of them takes no time.
    let [clock, attempts, failures] = [0, 0, 0];
    const HOUR = 3_600_000;
    const arrived: number[] = [];
    const { start, raise } = await setUp({
      deliver: async ({ event }) => {
        attempts++;
        if (clock < HOUR) throw new Error('down');
        arrived.push(event.seq);
      },
      pause: (inARow) => {
        failures = inARow;
        clock += pauseAfter(inARow, 0.5);
        return 0;
      },
    });
    const courier = start();
    await courier.begin();
    const seqs = [await raise('1'), await raise('2'), await raise('3')];
    courier.wake();
    await expect.poll(() => arrived).toEqual(seqs);
    expect(failures).toBe(attempts - seqs.length);
    expect(clock).toBeLessThanOrEqual(HOUR + LAST_PAUSE_MS);
    expect(attempts).toBeLessThan(30);
  });

  it('goes on after a restart with what had not arrived', async () => {
    const { receiver, start, raise } = await setUp();
    const first = start();
    const seqs = [await raise('1')];
    first.wake();
    await expect.poll(receiver.seqs).toEqual(seqs);
    receiver.status = 500;
    seqs.push(await raise('2'), await raise('3'));
    first.wake();
    await expect.poll(() => receiver.got.length).toBeGreaterThan(1);
    await first.close();
    receiver.status = 200;
    receiver.got.length = 0;
    start();
    // At least once: the attempt that the end cut short may still arrive now.
    await expect.poll(() => [...new Set(receiver.seqs())]).toEqual(seqs.slice(1));
  });

  it('leaves behind what is refused again and again, so that the next ones arrive', async () => {
    const { receiver, start, raise } = await setUp();
    receiver.status = 400;
    const courier = start();
    const seqs = [await raise('1')];
    courier.wake();
    await expect.poll(() => receiver.got.length).toBe(REFUSALS);
    receiver.status = 200;
    seqs.push(await raise('2'));
    courier.wake();
    await expect.poll(() => receiver.seqs().at(-1)).toBe(seqs[1]);
    expect(receiver.got).toHaveLength(REFUSALS + 1);
  });

  it('begins with what happens from now on, and leaves out what is not wanted', async () => {
    const { receiver, start, raise, book } = await setUp({ wants: ({ alert }) => alert.severity === 'critical' });
    const courier = start();
    await raise('mild');
    const { event } = await book.raise(sighting({ kind: 'prohibited-place' }));
    courier.wake();
    await expect.poll(receiver.seqs).toEqual([event!.seq]);
  });

  it('that has begun misses nothing, though its process ends before it was told of anything', async () => {
    const { receiver, start, raise, trial } = await setUp();
    const first = start();
    await first.begin();
    await first.close();
    // Before the second one was started.
    trial.now = Date.now() - 1000;
    const seqs = [await raise('1')];
    start();
    await expect.poll(receiver.seqs).toEqual(seqs);
  });

  it('is not kept from ending by a receiver that hangs', async () => {
    const { start, raise } = await setUp({ deliver: () => new Promise(() => undefined) });
    const courier = start();
    await raise('1');
    courier.wake();
    await new Promise((resolve) => setTimeout(resolve, 100));
    await courier.close();
  });
});

describe('the pause after failures', () => {
  it('doubles from a second to five minutes', () => {
    expect([1, 2, 3, 20].map((failures) => pauseAfter(failures, 0.5))).toEqual([1000, 2000, 4000, LAST_PAUSE_MS]);
    expect(pauseAfter(1, 0)).toBe(750);
    expect(pauseAfter(1, 1)).toBe(1250);
  });
});

it('a signature is of the time and the body', () => {
  expect(signBody('key', 1, '{}')).not.toBe(signBody('key', 2, '{}'));
  expect(signBody('key', 1, '{}')).toBe(`t=1,v1=${createHmac('sha256', 'key').update('1.{}').digest('hex')}`);
});

it('credentials of an address are sent as such, and never in it', async () => {
  const { receiver, hook, book } = await setUp();
  const { alert, event } = await book.raise(sighting());
  const url = new Secret(receiver.url.replace('http://', 'http://guard:p%40ss@'));
  await postEvent({ ...hook, url }, 'Riverside', { alert, event: event! });
  expect(receiver.got[0]!.headers.authorization).toBe(`Basic ${Buffer.from('guard:p@ss').toString('base64')}`);
});
