import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseSite } from '../config/load.js';
import type { Site } from '../config/site.js';
import type { AuditEvent } from '../record/log/event.js';
import { SILENT_LOGGER } from '../rtsp/logger.js';
import { SafeguardKeeper } from './safeguard-keeper.js';

const siteOf = (top: string, guard = 'withhold', camera = ''): Site =>
  parseSite(
    `version: 1
site: { name: Riverside, responsibleUnit: Riverside Ltd }
${top}
cameras:
  - { id: lobby, source: "rtsp://u:p@10.0.0.5/1", place: lobby, zones: [], unmasked: Nothing, guard: { mode: ${guard} }${camera} }
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
    ['raw pictures', `${STRONG}\ncommissioning: true`, 'withhold', 'commissioning'],
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

  const TURNED = ', lookAhead: 5, ptz: { preset: Door, service: "http://10.0.0.7/onvif" }';

  it('is not weakened by fewer frames held back, by another who accepts the view, or without its preset', async () => {
    const manual = 'withhold, accept: manual';
    const one = keeper();
    await one.heed(siteOf('', manual, TURNED));
    const weak = siteOf('', 'withhold', TURNED.replace('5,', '2,').replace(/, ptz.*/, ''));
    const [camera] = (await one.heed(weak)).cameras;
    expect(camera).toMatchObject({ lookAhead: 5, guard: { accept: 'manual' }, ptz: { preset: 'Door' } });
    expect(camera!.ptz!.service.reveal()).toBe('http://10.0.0.7/onvif');
    const paths = ['guard.accept', 'lookAhead', 'ptz'].map((path) => `cameras.lobby.${path}`);
    expect(pathsOf(one)).toEqual(paths);
    const restarted = keeper();
    const [again] = (await restarted.heed(weak)).cameras;
    expect(pathsOf(restarted)).toEqual(paths);
    // The service is not remembered: where the camera's own is another one, it does not answer, and the camera is withheld.
    expect(again!.ptz).toMatchObject({ preset: 'Door' });
    expect(again!.ptz!.service.reveal()).toBe('http://u:p@10.0.0.5/onvif/device_service');
    expect((await restarted.accept({ by: 'li.wei', approvedBy: null })).cameras[0]!.ptz).toBeNull();
    expect((await restarted.heed(weak)).cameras[0]).toMatchObject({ lookAhead: 2, ptz: null });
    expect(restarted.pending).toEqual([]);
    expect((await restarted.heed(siteOf('', 'withhold', TURNED))).cameras[0]!.ptz).not.toBeNull();
  });

  const HOOK = '{ id: guard, url: "https://guard.example/hook", secret: "a secret of some length", severity: low }';
  const told = (hooks: string, rest = '') => siteOf(`notify: { webhooks: [${hooks}]${rest} }`);

  it('goes on telling who was told, until people accept that they are not', async () => {
    const one = keeper();
    await one.heed(told(HOOK, ', mqtt: { url: "mqtt://10.0.0.9" }'));
    const quiet = siteOf('');
    expect((await one.heed(told(HOOK.replace('low', 'critical')))).notify).toMatchObject({
      webhooks: [{ id: 'guard', severity: 'low' }],
      mqtt: { topic: 'veilgate' },
    });
    expect((await one.heed(quiet)).notify.webhooks[0]!.url.reveal()).toBe('https://guard.example/hook');
    expect(pathsOf(one)).toEqual(['notify.webhooks.guard', 'notify.mqtt']);
    // Addresses and secrets are not kept outside the site file: after a start it is still asked for, and cannot be told.
    const restarted = keeper();
    expect((await restarted.heed(quiet)).notify).toEqual({ webhooks: [], mqtt: null });
    expect(pathsOf(restarted)).toEqual(['notify.webhooks.guard', 'notify.mqtt']);
    await restarted.accept({ by: 'li.wei', approvedBy: null });
    await restarted.heed(quiet);
    expect(restarted.pending).toEqual([]);
  });
});
