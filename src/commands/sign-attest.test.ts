import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SignAttestations, sha256 } from '../record/sign-attestations.js';
import { runSignAttest } from './sign-attest.js';

const SITE = `version: 1
site: { name: Riverside Hotel, responsibleUnit: Riverside Hotel Ltd }
server: { http: 127.0.0.1:1 }
storage: { dir: ./kept }
cameras:
  - { id: lobby, source: "demo:lobby", place: lobby, zones: [], unmasked: nothing private }
`;

describe('veilgate sign attest', () => {
  let folder: string;
  let said = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'veilgate-attest-'));
    said = '';
    await writeFile(join(folder, 'site.yaml'), SITE);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const attest = (photo: string, camera = 'lobby') =>
    runSignAttest({
      camera,
      photo,
      by: 'Li Wei',
      site: join(folder, 'site.yaml'),
      env: {},
      stdout: {
        write(text: string) {
          said += text;
          return true;
        },
      },
      now: () => new Date('2026-03-01T08:00:00Z'),
    });

  it('reads the photo, keeps it with its hash, and records who said so', async () => {
    const photo = 'tests/support/signs/surveillance.jpg';
    await attest(photo);
    const kept = new SignAttestations(join(folder, 'kept'));
    const [attestation] = await kept.of('lobby');
    const bytes = await readFile(photo);
    expect(attestation).toMatchObject({
      by: 'Li Wei',
      at: '2026-03-01T08:00:00.000Z',
      photo: sha256(bytes),
      text: '您已进入视频监控区域',
    });
    expect(await readFile(kept.photoPath(attestation!.photo))).toEqual(bytes);
    expect(await kept.holds(attestation!.photo)).toBe(true);
    expect(said).toContain('until 2026-08-28');
    const bundles = await readdir(join(folder, 'kept', 'audit'), { recursive: true, withFileTypes: true });
    const entries = bundles.filter((each) => each.isFile() && each.parentPath.includes('entries'));
    const logged = await Promise.all(entries.map(({ parentPath, name }) => readFile(join(parentPath, name), 'utf8')));
    expect(logged.join()).toContain('sign-attested');
    expect(logged.join()).toContain(sha256(bytes));
  });

  it('takes no photo on which nothing of a surveillance sign is read', async () => {
    await expect(attest('tests/support/signs/other.jpg')).rejects.toMatchObject({ code: 'sign-not-read' });
    expect(await new SignAttestations(join(folder, 'kept')).of('lobby')).toEqual([]);
  });

  it('says what is wrong with the camera or the photo', async () => {
    await expect(attest('tests/support/signs/surveillance.jpg', 'yard')).rejects.toMatchObject({
      code: 'unknown-camera',
    });
    await expect(attest(join(folder, 'none.jpg'))).rejects.toMatchObject({ code: 'photo-unreadable' });
    await expect(attest(join(folder, 'site.yaml'))).rejects.toMatchObject({ code: 'picture-unreadable' });
  });
});
