import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { runCheck } from './check.js';

const run = async (name: string, env: Record<string, string>) => {
  const written = { stdout: '', stderr: '' };
  const path = fileURLToPath(new URL(name, new URL('../../zones/', import.meta.url)));
  const exit = await runCheck(path, {
    env,
    stdout: { write: (text) => (written.stdout += text) },
    stderr: { write: (text) => (written.stderr += text) },
  });
  return { exit, stdout: written.stdout.replaceAll(path, name), stderr: written.stderr.replaceAll(path, name) };
};

describe('veilgate check', () => {
  test('says in one line what a valid file holds', async () => {
    expect(await run('demo.yaml', {})).toEqual({
      exit: 0,
      stdout: 'demo.yaml: Veilgate demo: 1 camera, 1 zone, rules cn-2012. Valid.\n',
      stderr: '',
    });
  });

  test('says of a site without cameras that nothing is watched yet', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'veilgate-check-'));
    const path = join(folder, 'site.yaml');
    await writeFile(path, 'version: 1\nsite: { name: Inn, responsibleUnit: Inn }\ncameras: []\n');
    const { exit, stdout } = await run(path, {});
    await rm(folder, { recursive: true });
    expect(exit).toBe(0);
    expect(stdout).toMatch(/: Inn: 0 cameras, 0 zones, rules cn-2012\. Valid\. Nothing is watched yet/);
  });

  test('names cameras that are unmasked by intent', async () => {
    const { stdout } = await run('example.yaml', {
      CAM_USER: 'a',
      CAM_PASS: 'b',
      NVR_PASS: 'c',
      VIEWER_PASS: 'd',
      DB_PASS: 'e',
      HOOK_SECRET: 'f'.repeat(16),
      MQTT_PASS: 'g',
    });
    expect(stdout).toContain('2 cameras, 3 zones, rules cn-2012, unmasked by intent: loading-dock. Valid.');
  });

  test('names every problem with file, line, column, path and cure, and fails', async () => {
    const { exit, stdout, stderr } = await run('example.yaml', {
      CAM_USER: 'a',
      CAM_PASS: 'b',
      DB_PASS: 'e',
      HOOK_SECRET: 'f'.repeat(16),
      MQTT_PASS: 'g',
    });
    expect(exit).toBe(1);
    expect(stdout).toBe('');
    expect(stderr.split('\n')).toEqual([
      expect.stringMatching(
        /^example\.yaml:\d+:\d+: server\.rtspUsers\[0\]\.password: The environment variable VIEWER_PASS is not set\.$/,
      ),
      '    Set it before the start, for example: export VIEWER_PASS=...',
      expect.stringMatching(
        /^example\.yaml:\d+:\d+: cameras\[0\]\.publish\[0\]: The environment variable NVR_PASS is not set\.$/,
      ),
      '    Set it before the start, for example: export NVR_PASS=...',
      '2 problems in example.yaml',
      '',
    ]);
  });
});
