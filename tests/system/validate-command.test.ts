import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runValidate, type ValidateOptions } from '../../src/commands/validate.js';
import { runValidateVerify } from '../../src/commands/validate-verify.js';
import { openAuditKey } from '../../src/record/log/audit-key.js';
import { NodeDisk } from '../../src/record/log/disk.js';
import { auditOrigin } from '../../src/record/log/origin.js';
import { verifyLog } from '../../src/record/log/verify/verify-log.js';
import type { Report } from '../../src/validate/report/report.js';
import { CardFiles, X264 } from '../support/card-files.js';
import { TestGateway, zone } from '../support/gateway.js';
import { runProgram } from '../support/program.js';
import { SECRET_ZONE } from '../support/test-card.js';

/** People cross a yard in it. */
const FOOTAGE = resolve(process.env.VEILGATE_DATA ?? '../shared/data', 'video/vtest.mp4');

let cards: CardFiles;
let folder: string;

beforeAll(async () => {
  cards = await CardFiles.create();
  folder = await mkdtemp(join(tmpdir(), 'veilgate-validate-'));
  const clip = await cards.make({ extension: 'mp4', make: [...X264, '-pix_fmt', 'yuv420p'] });
  await mkdir(join(folder, 'set'));
  await writeFile(join(folder, 'set', 'a.mp4'), await readFile(clip));
  for (const [name, shade] of [
    ['one.jpg', 40],
    ['two.jpg', 200],
  ] as const) {
    const background = { r: shade, g: 90, b: 30 };
    await sharp({ create: { width: 64, height: 48, channels: 3, background } }).toFile(join(folder, 'set', name));
  }
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await cards[Symbol.asyncDispose]();
});

async function run(manifest: string, change: Partial<ValidateOptions> = {}) {
  await writeFile(join(folder, 'set', 'manifest.yaml'), manifest);
  const printed = { stdout: '', stderr: '' };
  const out = join(folder, change.out ?? 'out');
  const code = await runValidate({
    ...{ dataset: join(folder, 'set'), skipBad: false, fresh: false, seed: 1, version: '0', env: {}, ...change, out },
    stdout: {
      write: (text) => {
        printed.stdout += text;
      },
    },
    stderr: {
      write: (text) => {
        printed.stderr += text;
      },
    },
  });
  const report = async (): Promise<Report> => JSON.parse(await readFile(join(out, 'report.json'), 'utf8')) as Report;
  return { code, ...printed, out, report };
}

const POLYGON = JSON.stringify(SECRET_ZONE.polygon);
const MASKED = `version: 1
items:
  - { file: a.mp4, masks: [{ polygon: ${POLYGON} }] }
  - { file: one.jpg, place: lobby }
  - { file: two.jpg, place: bathroom }
`;
const BESIDE = '[[0.9, 0.9], [0.95, 0.9], [0.95, 0.95]]';

describe('veilgate validate', () => {
  it('finds no leak where the product masks, twice the same, and signs what it says', async () => {
    const first = await run(MASKED);
    const { results, resultDigest, signer } = await first.report();
    expect(first.code).toBe(0);
    expect(results.masks).toMatchObject({ files: 1, leakedFrames: 0, leakedPixels: 0, refused: {} });
    expect(results.masks!.frames).toBeGreaterThan(10);
    expect(results.places!.items).toBe(2);
    expect(signer.pinned).toBe('none');
    expect(first.stdout).toContain('too few to conclude');
    const second = await run(MASKED, { out: 'again' });
    expect((await second.report()).resultDigest).toBe(resultDigest);
    const html = await readFile(join(first.out, 'report.html'), 'utf8');
    expect(html).toMatch(/not pinned/);
    expect(html).not.toMatch(/https?:\/\/|<script/);
  });

  it('counts every frame as leaked where the zones lie beside what must be hidden', async () => {
    const { report } = await run(
      MASKED.replace('masks:', `zones: [{ id: beside, kind: private, polygon: ${BESIDE} }], masks:`),
      { out: 'beside' },
    );
    const { masks } = (await report()).results;
    expect(masks!.frames).toBeGreaterThan(10);
    expect(masks!.leakedFrames).toBe(masks!.frames);
  });

  it('lists problems and measures nothing, unless bad files are to be skipped', async () => {
    const bad = `${MASKED}  - { file: gone.jpg, place: lobby }\n  - { file: one.jpg, place: warp-core }\n`;
    const refused = await run(bad, { out: 'refused' });
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/^gone\.jpg: cannot be found or read$/m);
    expect(refused.stderr).toMatch(/one\.jpg: .*warp-core/);
    await expect(refused.report()).rejects.toThrow();
    const { code, report } = await run(bad, { out: 'skipped', skipBad: true });
    expect(code).toBe(0);
    expect((await report()).dataset.problems.map(({ code: kind }) => kind)).toContain('missing-file');
  });

  it.skipIf(!existsSync(FOOTAGE))('finds somebody who enters a zone, by the zone that tells of people', async () => {
    const cut = join(folder, 'set', 'yard.mp4');
    const copied = ['-v', 'error', '-i', FOOTAGE, '-t', '7', '-c', 'copy', '-y', cut];
    expect((await runProgram('ffmpeg', copied)).code).toBe(0);
    const path =
      '{ id: path, kind: private, action: flag, onPerson: alert, polygon: [[0.78, 0.4], [1, 0.4], [1, 0.9], [0.78, 0.75]] }';
    const people = '[{ zone: path, from: 1, to: 6.5 }]';
    const { code, report } = await run(
      `version: 1\nitems:\n  - { file: yard.mp4, zones: [${path}], people: ${people} }\n`,
      { out: 'people' },
    );
    expect(code).toBe(0);
    const { results, models } = await report();
    expect(results.people).toMatchObject({ clips: 1, events: 1, found: 1 });
    expect(models.map(({ name }) => name)).toContain('nanodet-int8');
  });

  it('enters its report in the log of a gateway that runs, and in its own where none does', async () => {
    const set = join(folder, 'pictures', 'lobby');
    await mkdir(set, { recursive: true });
    await writeFile(join(set, 'one.jpg'), await readFile(join(folder, 'set', 'one.jpg')));
    const [storage, out] = [join(folder, 'storage'), join(folder, 'logged')];
    const cameras = [{ id: 'cam', source: 'demo:lobby', zones: [zone()] }];
    const gateway = await TestGateway.start({ cameras, storage });
    const args = ['validate', join(folder, 'pictures'), '--site', gateway.siteFile, '--out', out, '--fresh'];
    const entered = async (): Promise<unknown[]> => {
      const { entries } = await gateway.get<{ entries: { kind: string; data: unknown }[] }>('/api/v1/log/entries');
      return entries.filter(({ kind }) => kind === 'validation').map(({ data }) => data);
    };
    try {
      const { code, output } = await gateway.command(...args);
      expect(code, output).toBe(0);
      const { resultDigest, signer } = JSON.parse(await readFile(join(out, 'report.json'), 'utf8')) as Report;
      expect(signer.pinned).toBe('site');
      expect(await entered()).toEqual([expect.objectContaining({ result: resultDigest, items: 1, skipped: 0 })]);
      await gateway.process.close();
      const alone = await gateway.command(...args);
      expect(alone.code, alone.output).toBe(0);
    } finally {
      await gateway.close();
    }
    const verified = await verifyLog(new NodeDisk(join(storage, 'audit')), {
      key: await openAuditKey(join(storage, 'keys'), { origin: auditOrigin('Tests') }),
      earlier: [],
    });
    expect(verified.problems).toEqual([]);
  });

  it('is verified offline, and no longer once a number of it is changed', async () => {
    const path = join(folder, 'out', 'report.json');
    const texts: string[] = [];
    const io = {
      stdout: { write: (text: string) => void texts.push(text) },
      stderr: { write: (text: string) => void texts.push(text) },
    };
    expect(await runValidateVerify(path, io)).toBe(0);
    expect(await runValidateVerify(join(folder, 'out'), io)).toBe(0);
    await writeFile(path, (await readFile(path, 'utf8')).replace('"leakedFrames": 0', '"leakedFrames": 1'));
    expect(await runValidateVerify(path, io)).toBe(1);
    expect(texts.join('')).toMatch(/consistent; signer not proven[\s\S]*NOT verified/);
  });
});
