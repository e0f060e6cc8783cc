import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isBuilt, type SiteCamera, TestGateway, zone } from '../support/gateway.js';
import { SecondPerson } from '../support/second-person.js';

let storage: string;
beforeEach(() => {
  storage = mkdtempSync(join(tmpdir(), 'veilgate-safeguards-'));
});
afterEach(() => rmSync(storage, { recursive: true }));

const CAMERA = { id: 'washroom', source: 'demo:lobby', zones: [zone({ kind: 'private' })] };
const start = (place: string) => TestGateway.start({ cameras: [{ ...CAMERA, place }], storage });
const declared = (place: string) => (camera: SiteCamera) => ({ ...camera, place });

/** The request that waits for another person, of what was refused for want of one. */
const approvalOf = async (gateway: TestGateway): Promise<string> => {
  const { approvals } = await gateway.api<{ approvals: { id: string; state: string }[] }>('GET', '/approvals');
  return approvals.find(({ state }) => state === 'asked')!.id;
};

describe.skipIf(!isBuilt())('the site file, edited by one person', () => {
  it('neither shows a place that was declared prohibited, nor shortens retention; two people do', async () => {
    {
      await using gateway = await start('restroom');
      await gateway.reaches('washroom', 'withheld:prohibited-place');
      await gateway.edit(declared('corridor'));
      await gateway.process.match(/site file applied/);
      await gateway.reaches('washroom', 'withheld:prohibited-place');
      const { alerts } = await gateway.eventually('tell of it', async () => {
        const found = await gateway.api<{ alerts: { detail: string }[] }>('GET', '/alerts?kind=prohibited-place');
        return found.alerts[0]!.detail.includes('corridor') ? found : undefined;
      });
      expect(alerts).toHaveLength(1);
    }
    await using gateway = await start('corridor');
    await gateway.reaches('washroom', 'withheld:prohibited-place');
    const person = await SecondPerson.join(gateway, 'wang.fang');
    const release = (headers: Record<string, string> = {}) =>
      gateway.api('POST', '/cameras/washroom/release', { reason: 'It was a slip: a corridor.' }, headers);
    await expect(release()).rejects.toThrow(/second-person-needed/);
    const approval = await approvalOf(gateway);
    await expect(release({ approval })).rejects.toThrow(/approval-not-granted/);
    await person.agree(approval);
    await release({ approval });
    await gateway.reaches('washroom', 'masked');

    const retention = (days: number) => `${gateway.text}\nretention: { evidence: ${days} }\n`;
    await gateway.write(retention(90));
    const inForce = () => gateway.api<{ retention: { evidence: number }; pending: readonly object[] }>('GET', '/site');
    await gateway.eventually('keep it longer', async () => (await inForce()).retention.evidence === 90 || undefined);
    await gateway.write(retention(30));
    await gateway.eventually('wait for people', async () => (await inForce()).pending.length === 1 || undefined);
    expect((await inForce()).retention.evidence).toBe(90);
    const accept = await gateway.command('site', 'accept', '--site', gateway.siteFile);
    expect(accept.output).toMatch(/takes two people/);
    await person.agree(await approvalOf(gateway));
    const [, again] = /Approval: ([\w-]+)/.exec(accept.output)!;
    await gateway.command('site', 'accept', '--site', gateway.siteFile, '--approval', again!);
    expect(await inForce()).toMatchObject({ retention: { evidence: 30 }, pending: [] });
  });
});
