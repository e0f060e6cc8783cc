import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import type { WorkerConfig } from '../../src/camera/messages.js';
import { freePort } from '../../tests/support/ports.js';
import type { Benchmark, Outcome, RunOptions } from '../benchmark.js';
import { LightClient } from '../clients/light-client.js';
import { BITRATE, benchZone, FPS, mountUrl, startClipCamera } from '../scene.js';
import type { ControlSubject } from './control.js';
import { readCpuProfile, selfTimes } from './cpu-profile.js';
import { flameGraph } from './flame-graph.js';
import type { ProfileRequest } from './worker.js';

const OUT = fileURLToPath(new URL('../out/', import.meta.url));
const WARM_UP_SECONDS = 4;
const ROWS = 25;

/** Where the time of the worker and of control goes, one 1080p25 stream with one client. Flame graphs and .cpuprofile files go to out/. */
export const profile: Benchmark = {
  name: 'profile',
  question: 'Where does the time go?',
  onRequest: true,
  async run({ quick, say }: RunOptions): Promise<Outcome> {
    const seconds = quick ? 4 : 20;
    mkdirSync(OUT, { recursive: true });
    await using camera = await startClipCamera(1);
    const url = mountUrl(camera, 0);
    const worker = await profileWorker(url, seconds);
    say(`worker: ${worker}`);
    const control = await profileControl(url, seconds);
    say(`control: ${control}`);
    return { measures: [], notes: [describe('worker', worker), describe('control', control)] };
  },
};

async function profileWorker(url: string, seconds: number): Promise<string> {
  const path = join(OUT, 'worker.cpuprofile');
  const subject: WorkerConfig = {
    camera: 'cam0',
    epoch: 1,
    source: { url, transport: 'tcp', tls: { verify: true, ca: null }, loop: false },
    output: { codec: 'h264', bitrate: BITRATE, onDemand: true, hardware: false },
    zones: { revision: 1, zones: [benchZone()], shape: null },
    lookAhead: 0,
    guard: { mode: 'withhold', view: null, mayLearn: true },
    holds: [],
    wanted: true,
    ptz: null,
    commissioning: false,
    vision: null,
  };
  const child = startScript('worker');
  await profiled(child, { subject, warmUp: WARM_UP_SECONDS, seconds, path });
  child.disconnect();
  await once(child, 'exit');
  return path;
}

async function profileControl(url: string, seconds: number): Promise<string> {
  const path = join(OUT, 'control.cpuprofile');
  const folder = await mkdtemp(join(tmpdir(), 'veilgate-profile-'));
  const siteFile = join(folder, 'site.yaml');
  const output = { bitrate: `${BITRATE / 1_000_000}M` };
  const site = {
    version: 1,
    site: { name: 'Profile', responsibleUnit: 'Profile' },
    server: { http: `127.0.0.1:${await freePort()}`, rtsp: `127.0.0.1:${await freePort()}` },
    storage: { dir: join(folder, 'data') },
    cameras: [{ id: 'cam0', source: url, place: 'lobby', zones: [benchZone()], output }],
  };
  await writeFile(siteFile, stringify(site));
  const child = startScript('control');
  const subject: ControlSubject = { siteFile, env: { VEILGATE_LOG: 'warn' } };
  const started = once(child, 'message') as Promise<[{ rtsp: string }]>;
  const request: ProfileRequest<ControlSubject> = { subject, warmUp: WARM_UP_SECONDS, seconds, path };
  child.send(request);
  const [{ rtsp }] = await started;
  await using _client = await LightClient.play({ url: `${rtsp}/cam0` });
  await done(child);
  child.disconnect();
  await once(child, 'exit');
  await rm(folder, { recursive: true, force: true });
  return path;
}

async function profiled<T>(child: ChildProcess, request: ProfileRequest<T>): Promise<void> {
  child.send(request as never);
  await done(child);
}

const done = (child: ChildProcess): Promise<void> =>
  new Promise((resolve, reject) => {
    child.on('message', (message) => message === 'done' && resolve());
    child.once('exit', (code) => reject(new Error(`the profiled process ended (${code})`)));
  });

/** Draws the flame graph, and names the functions that took most. */
function describe(name: string, path: string): string {
  const { root, seconds } = readCpuProfile(path);
  writeFileSync(
    join(OUT, `${name}.svg`),
    flameGraph(`${name}, ${seconds.toFixed(0)} s at ${FPS} pictures a second`, root),
  );
  const pictures = seconds * FPS;
  const rows = selfTimes(root)
    .slice(0, ROWS)
    .map(([label, ms]) => `| ${label} | ${(ms / pictures).toFixed(3)} | ${((ms * 100) / root.total).toFixed(1)} |`);
  const cores = (root.total / (seconds * 1000)).toFixed(3);
  return [`### ${name}: ${cores} cores`, '', '| function | ms a picture | % |', '| --- | --- | --- |', ...rows].join(
    '\n',
  );
}

const startScript = (name: 'worker' | 'control'): ChildProcess =>
  fork(fileURLToPath(new URL(`./${name}.ts`, import.meta.url)), { serialization: 'advanced' });
