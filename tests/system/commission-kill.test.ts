import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isBuilt, TestGateway } from '../support/gateway.js';
import { SecondPerson } from '../support/second-person.js';

interface Entry {
  readonly kind: string;
  readonly actor: string;
  readonly data: Readonly<Record<string, unknown>>;
}

describe.skipIf(!isBuilt())('a gateway that is killed while a commissioning view is open', () => {
  it('says at its next start that the view ended with it, once, and the log holds', async () => {
    const storage = await mkdtemp(join(tmpdir(), 'veilgate-commission-kill-'));
    const site = { cameras: [{ id: 'lobby', source: 'demo:lobby' }], commissioning: true, storage };
    const entries = async (gateway: TestGateway) =>
      (await gateway.get<{ entries: Entry[] }>('/api/v1/log/entries?start=0&limit=256')).entries;
    try {
      {
        await using gateway = await TestGateway.start(site);
        const ada = await SecondPerson.join(gateway, 'ada', 'integrator');
        await gateway.reaches('lobby', 'masked');
        const opened = await ada.ask('POST', '/cameras/lobby/commission', { reason: 'a new door' });
        expect(opened.status).toBe(201);
        process.kill(gateway.pid, 'SIGKILL');
        await gateway.process.close();
      }
      for (const start of [2, 3]) {
        await using gateway = await TestGateway.start(site);
        const log = await entries(gateway);
        const boxes = log.filter(({ kind }) => kind === 'commission');
        expect(boxes, `start ${start}`).toMatchObject([
          { actor: 'ada', data: { step: 'opened' } },
          { actor: 'system', data: { step: 'closed', why: 'the gateway ended', pictures: null } },
        ]);
        expect(boxes[1]!.data.box).toBe(boxes[0]!.data.box);
        // Before this start, since it happened before.
        const starts = log.filter(({ kind }) => kind === 'start');
        expect(starts).toHaveLength(start);
        expect(log.indexOf(boxes[1]!)).toBeLessThan(log.indexOf(starts[1]!));
      }
    } finally {
      await rm(storage, { recursive: true, force: true });
    }
  });
});
