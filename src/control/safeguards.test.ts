import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseSite } from '../config/load.js';
import type { Site } from '../config/site.js';
import type { AuditEvent } from '../record/log/event.js';
import { SILENT_LOGGER } from '../rtsp/logger.js';
import { SafeguardKeeper } from './safeguard-keeper.js';

const siteOf = (top: string, guard = 'withhold'): Site =>
  parseSite(
    `version: 1
site: { name: Riverside, responsibleUnit: Riverside Ltd }
${top}
cameras:
  - { id: lobby, source: "demo:lobby", place: lobby, zones: [], unmasked: Nothing, guard: { mode: ${guard} } }
`,
    '/site.yaml',
    {},
  ).site;

const STRONG = 'zones: { twoPersons: true }\nretention: { evidence: 90, alerts: 1000 }';

let dir: string;
let recorded: AuditEvent[];
let isLogWritable: boolean;
const keeper = () =>
  new SafeguardKeeper(dir, {
    logger: SILENT_LOGGER,
    journal: {
      async record(event) {
        if (!isLogWritable) throw new Error('no log');
        recorded.push(event);
      },
    },
  });
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'veilgate-safeguards-'));
  recorded = [];
  isLogWritable = true;
});
afterEach(() => rmSync(dir, { recursive: true }));

const pathsOf = (one: SafeguardKeeper) => one.pending.map(({ path }) => path);

describe('what a site file protects', () => {
  it.each([
    ['two persons', STRONG.replace('true', 'false'), 'withhold', 'zones.twoPersons'],
    ['evidence', STRONG.replace('90', '30'), 'withhold', 'retention.evidence'],
    ['alerts', STRONG.replace('1000', '999'), 'withhold', 'retention.alerts'],
    ['vision', `${STRONG}\nvision: { mode: "off" }`, 'withhold', 'vision.mode'],
    ['the guard', STRONG, '"off"', 'cameras.lobby.guard.mode'],
    ['everything that is left out', '', 'withhold', 'zones.twoPersons'],
  ])('is not weakened by its edit (%s), nor by a restart', async (_, top, guard, path) => {
    const first = keeper();
    const strong = await first.heed(siteOf(STRONG));
    expect(await first.heed(siteOf(top, guard))).toEqual({ ...strong, alerts: strong.alerts });
    expect(pathsOf(first)).toContain(path);
    expect(first.findings(7)).toContainEqual(
      expect.objectContaining({ kind: 'safeguards-weakened', cause: path, camera: guard === '"off"' ? 'lobby' : '' }),
    );
    const restarted = keeper();
    expect(await restarted.heed(siteOf(top, guard))).toEqual(strong);
    expect(pathsOf(restarted)).toContain(path);
  });

  it('is made stronger at once, and stays so', async () => {
    const first = keeper();
    await first.heed(siteOf(''));
    expect((await first.heed(siteOf(STRONG, 'strict'))).zones.twoPersons).toBe(true);
    expect(first.pending).toEqual([]);
    await keeper().heed(siteOf('', 'strict'));
    const back = keeper();
    expect((await back.heed(siteOf(''))).cameras[0]!.guard.mode).toBe('strict');
  });

  it('is weakened by two different people, who are in the log first', async () => {
    const one = keeper();
    await one.heed(siteOf(STRONG));
    await one.heed(siteOf(''));
    expect(one.takesTwo).toBe(true);
    await expect(one.accept({ by: 'li.wei', approvedBy: null })).rejects.toMatchObject({ code: 'one-person' });
    await expect(one.accept({ by: 'li.wei', approvedBy: 'li.wei' })).rejects.toMatchObject({ code: 'one-person' });
    isLogWritable = false;
    await expect(one.accept({ by: 'li.wei', approvedBy: 'wang.fang' })).rejects.toThrow('no log');
    expect((await one.heed(siteOf(''))).zones.twoPersons).toBe(true);
    isLogWritable = true;
    expect((await one.accept({ by: 'li.wei', approvedBy: 'wang.fang' })).zones.twoPersons).toBe(false);
    expect(recorded).toMatchObject([
      {
        actor: 'li.wei',
        data: { approvedBy: 'wang.fang', changes: expect.arrayContaining(['zones.twoPersons: true -> false']) },
      },
    ]);
    expect((await keeper().heed(siteOf(''))).zones.twoPersons).toBe(false);
    await expect(one.accept({ by: 'li.wei', approvedBy: 'wang.fang' })).rejects.toMatchObject({
      code: 'nothing-pending',
    });
  });

  it('takes one person for what masks, where the site does not ask for two', async () => {
    const one = keeper();
    await one.heed(siteOf(''));
    await one.heed(siteOf('', '"off"'));
    expect(one.takesTwo).toBe(false);
    expect((await one.accept({ by: 'li.wei', approvedBy: null })).cameras[0]!.guard.mode).toBe('off');
  });

  it('is the strongest of everything while it cannot be read', async () => {
    await keeper().heed(siteOf(''));
    writeFileSync(join(dir, 'safeguards.json'), '{"format":1,"val');
    const one = keeper();
    const site = await one.heed(siteOf('', '"off"'));
    expect(site).toMatchObject({ zones: { twoPersons: true }, cameras: [{ guard: { mode: 'withhold' } }] });
    expect(site.retention.alerts).toBeGreaterThan(100_000);
  });
});
