import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isBuilt, TestGateway, zone } from '../support/gateway.js';

interface Told {
  readonly id: string;
  readonly camera: string;
  readonly kind: string;
  readonly state: string;
  readonly article: number;
  readonly evidence: string | null;
  readonly occurrences: number;
}

let storage: string;
let server: Server;
let hook: string;
const got: { event: { kind: string; to: string }; alert: Told }[] = [];
beforeAll(async () => {
  server = createServer(async (request, response) => {
    got.push((await json(request)) as (typeof got)[number]);
    response.writeHead(204).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  hook = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
});
afterAll(() => void server.close());
beforeEach(() => {
  storage = mkdtempSync(join(tmpdir(), 'veilgate-alerts-'));
  got.length = 0;
});
afterEach(() => rmSync(storage, { recursive: true }));

const cameras = [
  { id: 'washroom', source: 'demo:lobby', place: 'restroom' },
  { id: 'hall', source: 'demo:lobby', place: 'lobby', zones: [zone({ kind: 'private' })] },
];
const start = () => TestGateway.start({ cameras, storage });
const alertOf = (gateway: TestGateway, camera: string, kind: string) =>
  gateway.eventually(`find ${kind} at ${camera}`, async () => {
    const { alerts } = await gateway.api<{ alerts: Told[] }>('GET', `/alerts?camera=${camera}&kind=${kind}`);
    return alerts.length > 0 ? alerts : undefined;
  });

/** A step of brightness that no ringing makes. */
const EDGE = 24;

/** Of the picture's columns, the share at which something ends or begins: few in a picture of large blocks. */
const edgedColumns = async (jpeg: Buffer): Promise<number> => {
  const { data, info } = await sharp(jpeg).greyscale().raw().toBuffer({ resolveWithObject: true });
  const edged = new Set<number>();
  for (let at = 1; at < data.length; at++) {
    const column = at % info.width;
    if (column > 0 && Math.abs(data[at]! - data[at - 1]!) > EDGE) edged.add(column);
  }
  expect(info.width).toBeGreaterThan(600);
  return edged.size / info.width;
};

describe.skipIf(!isBuilt())('alerts of a gateway', () => {
  it('hold what was found with coarse evidence, reach people, outlive the gateway, and never stop its masking', async () => {
    let acknowledged: string;
    {
      await using gateway = await start();
      const [found] = await alertOf(gateway, 'washroom', 'prohibited-place');
      expect(found).toMatchObject({ state: 'new', article: 15 });
      // Nothing about the place: the hall only lacks its papers.
      await alertOf(gateway, 'hall', 'approval-missing');
      await alertOf(gateway, 'hall', 'sign-missing');
      const { alerts: ordinary } = await gateway.api<{ alerts: Told[] }>('GET', '/alerts?camera=hall');
      expect(ordinary.map(({ kind }) => kind).sort()).toEqual(['approval-missing', 'sign-missing']);

      const evidence = await gateway.eventually('have its picture', () =>
        gateway.bytes(`/alerts/${found!.id}/evidence.jpg`).catch(() => undefined),
      );
      const coarse = await edgedColumns(evidence);
      await gateway.reaches('hall', 'masked');
      expect(coarse * 3).toBeLessThan(await edgedColumns(await gateway.snapshot('hall')));

      const webhooks = [{ id: 'guard', url: hook, secret: 'a secret of some length' }];
      await gateway.write(gateway.text.replace(/^vision:/m, `notify: ${JSON.stringify({ webhooks })}\nvision:`));
      await gateway.process.match(/site file applied/);
      await gateway.api('PATCH', `/alerts/${found!.id}`, { state: 'acknowledged' });
      await expect
        .poll(() => got.map(({ event, alert }) => `${alert.kind} ${event.to}`), { timeout: 20_000 })
        .toContain('prohibited-place acknowledged');
      acknowledged = found!.id;
      process.kill(gateway.pid, 'SIGKILL');
    }
    {
      await using gateway = await start();
      const kept = await gateway.eventually('count it up', async () => {
        const alerts = await alertOf(gateway, 'washroom', 'prohibited-place');
        return alerts[0]!.occurrences > 1 ? alerts : undefined;
      });
      expect(kept).toHaveLength(1);
      expect(kept[0]).toMatchObject({ id: acknowledged, state: 'acknowledged' });
    }
    for (const suffix of ['', '-wal', '-shm']) rmSync(join(storage, `record.db${suffix}`), { force: true });
    writeFileSync(join(storage, 'record.db'), 'This was a database once. '.repeat(1000));
    {
      await using gateway = await start();
      // The API needs the store to know whether an inspection lists what is read; metrics and streams do not.
      const inState = (camera: string, state: string) =>
        gateway.eventually(`have ${camera} ${state}`, async () =>
          (await gateway.metric('veilgate_state', { camera, state })) === 1 ? true : undefined,
        );
      await inState('hall', 'masked');
      await inState('washroom', 'withheld');
      await expect(gateway.api('GET', '/alerts')).rejects.toThrow(/503.*store-damaged/);
    }
  });
});
