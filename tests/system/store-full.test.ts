import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { zone } from '../support/gateway.js';
import { cannotPlay, Stage, TIMEOUT } from '../support/stage.js';
import { tinyDisk } from '../support/tiny-disk.js';

interface Told {
  readonly id: string;
  readonly state: string;
}

describe.skipIf(cannotPlay())('a gateway whose store has no room left, while its log has', TIMEOUT, () => {
  it('goes on masking, says that nothing can be kept, loses nothing, and goes on when there is room', async (context) => {
    await using disk = await tinyDisk(4096);
    await using logDisk = disk && (await tinyDisk(16_384, join(disk.path, 'audit')));
    if (!disk || !logDisk) return context.skip('needs root, to mount small file systems');
    const corner = [
      [0.8, 0.8],
      [0.9, 0.8],
      [0.9, 0.9],
    ] as const;
    const zones = [zone(), zone({ id: 'corner', kind: 'private', polygon: corner })];
    await using stage = await Stage.open({ storage: disk.path, zones });
    const { gateway } = stage;
    const alert = (kind: string) => async () =>
      (await gateway.api<{ alerts: Told[] }>('GET', `/alerts?kind=${kind}`)).alerts[0];
    const { id } = await gateway.eventually('find that papers are missing', alert('approval-missing'));
    await stage.plays(10);
    expect(await gateway.get('/readyz')).toMatchObject({ ready: true, store: true });

    await disk.fill();
    const names: string[] = [];
    const invite = async (): Promise<void> => {
      const name = `guard-${names.length}`;
      await gateway.api('POST', '/accounts', { name, role: 'operator' });
      names.push(name);
    };
    // Pages of its log that SQLite has already are used up first.
    await expect(
      (async () => {
        while (names.length < 1000) await invite();
      })(),
    ).rejects.toThrow(/503.*store-full.*Free some/);
    await expect(gateway.api('PATCH', `/alerts/${id}`, { state: 'acknowledged' })).rejects.toThrow(/503.*store-full/);
    // Found while nothing can be kept: the site file masks less.
    await gateway.edit((camera) => ({ ...camera, zones: zones.slice(0, 1) }));
    await gateway.eventually('count what waits', async () =>
      (await gateway.metric('veilgate_findings_waiting')) > 0 ? true : undefined,
    );
    expect(await gateway.metric('veilgate_store_up')).toBe(0);
    expect(await gateway.get('/readyz')).toMatchObject({ ready: true, store: false });
    expect((await gateway.api<{ alert: Told }>('GET', `/alerts/${id}`)).alert.state).toBe('new');
    await stage.plays(20);

    await disk.clear();
    await gateway.eventually('keep what was found meanwhile', alert('zones-mask-less'));
    await gateway.eventually('be well', async () =>
      (await gateway.metric('veilgate_store_up')) === 1 ? true : undefined,
    );
    await gateway.api('PATCH', `/alerts/${id}`, { state: 'acknowledged' });
    await invite();
    const { accounts } = await gateway.api<{ accounts: { name: string }[] }>('GET', '/accounts');
    expect(accounts.map(({ name }) => name)).toEqual(expect.arrayContaining(names));
    expect((await gateway.command('audit', 'verify', disk.path)).code).toBe(0);
    await stage.plays(10);
    await stage.showsNoLeak(40);
  });
});
