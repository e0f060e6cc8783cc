import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { isPostgresMissing, PostgresServer } from '../../src/record/store/postgres-server.fixture.js';
import { isBuilt, TestGateway, zone } from '../support/gateway.js';

/** How long PostgreSQL is gone; the long form is `VEILGATE_GONE_S=60`. */
const GONE_MS = 1000 * Number(process.env.VEILGATE_GONE_S ?? 3);

interface Told {
  readonly id: string;
  readonly kind: string;
  readonly state: string;
}

describe.skipIf(!isBuilt() || isPostgresMissing())('a gateway whose PostgreSQL is gone for a while', () => {
  it(
    'goes on masking, refuses what must be kept, and keeps what was found meanwhile when it is back',
    async () => {
      await using server = await PostgresServer.start();
      const corner = [
        [0.8, 0.8],
        [0.9, 0.8],
        [0.9, 0.9],
      ] as const;
      const zones = [zone({ kind: 'private' }), zone({ id: 'corner', kind: 'private', polygon: corner })];
      const cameras = [{ id: 'hall', source: 'demo:lobby', zones }];
      await using gateway = await TestGateway.start({ cameras, database: await server.database() });
      const alerts = (kind: string) => async () => {
        const found = await gateway.api<{ alerts: Told[] }>('GET', `/alerts?kind=${kind}`);
        return found.alerts[0];
      };
      const { id } = await gateway.eventually('find that papers are missing', alerts('approval-missing'));
      await gateway.api('PATCH', `/alerts/${id}`, { state: 'acknowledged' });
      await gateway.reaches('hall', 'masked');

      await gateway.process.match(/"msg":"ready"/);
      await server.kill();
      await expect(gateway.api('PATCH', `/alerts/${id}`, { state: 'confirmed' })).rejects.toThrow(
        /503.*store-unavailable/,
      );
      // Found while nothing can be kept: the site file masks less.
      await gateway.edit((camera) => ({ ...camera, zones: zones.slice(0, 1) }));
      await gateway.process.match(/findings wait for the store/);
      const until = performance.now() + GONE_MS;
      while (performance.now() < until) {
        expect(await gateway.metric('veilgate_state', { camera: 'hall', state: 'masked' })).toBe(1);
        await delay(500);
      }
      await server.resume();

      await gateway.eventually('keep what was found meanwhile', alerts('zones-mask-less'));
      const kept = await gateway.api<{ alert: Told }>('GET', `/alerts/${id}`);
      expect(kept.alert.state).toBe('acknowledged');
      await gateway.api('PATCH', `/alerts/${id}`, { state: 'confirmed' });
    },
    120_000 + GONE_MS,
  );
});
