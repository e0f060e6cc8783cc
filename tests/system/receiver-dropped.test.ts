import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isBuilt, TestGateway } from '../support/gateway.js';

interface Event {
  readonly seq: number;
  readonly kind: string;
  readonly to: string;
}

/** A receiver of alerts that answers, or is down. */
class Receiver {
  readonly heard: Event[] = [];
  isDown = false;
  refused = 0;
  readonly #server: Server = createServer(async (request, response) => {
    const { event } = (await json(request)) as { event: Event };
    if (this.isDown) {
      this.refused++;
      return response.writeHead(503).end();
    }
    this.heard.push(event);
    return response.writeHead(204).end();
  });

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/hook`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

let storage: string;
let receiver: Receiver;
beforeEach(async () => {
  storage = await mkdtemp(join(tmpdir(), 'veilgate-receiver-'));
  receiver = new Receiver();
  await receiver.listen();
});
afterEach(async () => {
  receiver.close();
  await rm(storage, { recursive: true, force: true });
});

describe.skipIf(!isBuilt())('a webhook receiver that the site file drops', () => {
  it('is in the log and the metrics with what it was not told of, and hears of it once it is put back', async () => {
    const start = () => TestGateway.start({ cameras: [{ id: 'hall', source: 'demo:lobby' }], storage });
    const name = async (gateway: TestGateway): Promise<void> => {
      const webhooks = [{ id: 'guard', url: receiver.url, secret: 'a secret of some length', severity: 'low' }];
      await gateway.write(gateway.text.replace(/^vision:/m, `notify: ${JSON.stringify({ webhooks })}\nvision:`));
      await gateway.process.match(/site file applied/);
    };
    const steps = async (gateway: TestGateway): Promise<unknown[]> => {
      const { entries } = await gateway.api<{ entries: { kind: string; data: unknown }[] }>(
        'GET',
        '/log/entries?start=0&limit=256',
      );
      return entries.filter(({ kind }) => kind === 'receiver').map(({ data }) => data);
    };
    const untold = (gateway: TestGateway, dropped: boolean): Promise<number> =>
      gateway.metric('veilgate_notifications_untold', { receiver: 'webhook:guard', dropped: String(dropped) });
    const step = async (gateway: TestGateway, to: object): Promise<void> => {
      const { alerts } = await gateway.api<{ alerts: { id: string; kind: string }[] }>('GET', '/alerts');
      const found = alerts.find(({ kind }) => kind === 'approval-missing')!;
      await gateway.api('PATCH', `/alerts/${found.id}`, to);
    };
    const states = (): string[] => receiver.heard.filter(({ to }) => to !== 'new').map(({ to }) => to);

    let missed: number;
    {
      await using gateway = await start();
      await gateway.eventually('find that papers are missing', async () => {
        const { alerts } = await gateway.api<{ alerts: object[] }>('GET', '/alerts?kind=approval-missing');
        return alerts.length > 0 || undefined;
      });
      await name(gateway);
      await step(gateway, { state: 'acknowledged' });
      await expect.poll(states, { timeout: 30_000 }).toEqual(['acknowledged']);
      receiver.isDown = true;
      await step(gateway, { state: 'confirmed' });
      await expect.poll(() => receiver.refused, { timeout: 30_000 }).toBeGreaterThan(0);
      missed = await gateway.eventually(
        'count what it was not told',
        async () => (await untold(gateway, false)) || undefined,
      );
      expect(await steps(gateway)).toEqual([]);
    }
    // Started on a file that does not name it.
    {
      await using gateway = await start();
      const [dropped] = await gateway.eventually('say whom it does not tell', async () => {
        const all = await steps(gateway);
        return all.length > 0 ? all : undefined;
      });
      expect(dropped).toMatchObject({ receiver: 'webhook:guard', step: 'dropped' });
      expect((dropped as { untold: number }).untold).toBeGreaterThanOrEqual(missed);
      expect(await untold(gateway, true)).toBeGreaterThanOrEqual(missed);
      expect(await untold(gateway, false)).toBe(0);
      await step(gateway, {
        state: 'reported',
        report: { to: 'Riverside PSB', at: '2026-03-01T08:00:00Z', reference: 'GA-17' },
      });
      receiver.isDown = false;
      expect(states()).toEqual(['acknowledged']);
      // Put back: what happened while it was dropped is told, in order.
      await name(gateway);
      await expect.poll(states, { timeout: 60_000 }).toEqual(['acknowledged', 'confirmed', 'reported']);
      expect((await steps(gateway)).at(-1)).toMatchObject({ receiver: 'webhook:guard', step: 'back' });
      expect(await untold(gateway, true)).toBe(0);
    }
  });
});
