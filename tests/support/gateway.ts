import { existsSync } from 'node:fs';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import type { Zone } from '../../src/zones/zone.js';
import { PAINTED } from './canary.js';
import { freePort } from './ports.js';
import { type RunningProcess, startProcess } from './process.js';
import { type Outcome, runProgram } from './program.js';

/** The command line as it is installed: built by `npm run build`. */
export const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
/** As in the first line of `cli.ts`. */
const FLAGS = ['--no-memory-reducer'];

/** Where nothing tells of a change, it is asked for this often, ms. */
const POLL_MS = 50;

/** Deadline of whatever must come about, ms: generous, since the machine's cores are shared. */
const PATIENCE_MS = 30_000;
/** Of the start alone, which loads all code and paints slates: at load 12 on two cores 30 s were too few. */
const START_PATIENCE_MS = 90_000;

/** The zone over the painted area, unpadded: what is masked is what was asked for. */
export const zone = (change: Partial<Zone> = {}): Zone => ({
  id: 'painted',
  kind: 'restroom',
  polygon: PAINTED,
  action: 'mask',
  style: 'solid',
  padding: 16,
  ...change,
});

/** A camera of the site file. */
export interface SiteCamera {
  readonly id: string;
  readonly source: string;
  readonly place?: string;
  readonly zones?: readonly Zone[];
  readonly unmasked?: string;
  readonly lookAhead?: number;
  readonly guard?: Readonly<Record<string, unknown>>;
  readonly ptz?: Readonly<Record<string, unknown>>;
  readonly mask?: 'zones' | 'people';
  readonly people?: Readonly<Record<string, unknown>>;
  readonly output?: Readonly<Record<string, unknown>>;
  /** Media servers that its masked stream is pushed to. */
  readonly publish?: readonly string[];
}

/** What the API tells of a camera, as far as tests ask for it. */
export interface CameraReport {
  readonly id: string;
  readonly state: 'starting' | 'masked' | 'withheld' | 'offline';
  readonly reason: string | null;
  readonly detail: string | null;
  readonly fps: number;
  readonly maskedArea: number;
  readonly clients: number;
  readonly zoneRevision: number;
  readonly pendingLosses: readonly { readonly zone: string; readonly message: string }[] | null;
  readonly workerPid: number | null;
}

export interface GatewayOptions {
  readonly cameras: readonly SiteCamera[];
  /** Storage of its own unless given. */
  readonly storage?: string;
  /** Address of a PostgreSQL database for the record; else it is in the storage. */
  readonly database?: string;
  /** Ports that others have to know before; else any. */
  readonly ports?: GatewayPorts;
  /** The Node.js to run on; else the one that runs the tests. */
  readonly node?: string;
  /** Off unless given: another process, with models, that most tests are not about. */
  readonly vision?: Readonly<Record<string, unknown>>;
  /** More of `server`. */
  readonly server?: Readonly<Record<string, unknown>>;
  /** Off unless given, as it is by default. */
  readonly commissioning?: boolean;
}

interface SiteSettings {
  readonly commissioning: boolean | undefined;
  readonly vision: Readonly<Record<string, unknown>>;
  readonly server: Readonly<Record<string, unknown>>;
}

export interface GatewayPorts {
  readonly http: number;
  readonly rtsp: number;
}

export const gatewayPorts = async (): Promise<GatewayPorts> => ({ http: await freePort(), rtsp: await freePort() });

export const streamUrl = (ports: GatewayPorts, camera: string): string => `rtsp://127.0.0.1:${ports.rtsp}/${camera}`;

/** The tests of a gateway need it built. */
export const isBuilt = (): boolean => existsSync(CLI);

/** A real gateway in a process of its own, on a site file of its own; `await using` ends it. */
export class TestGateway implements AsyncDisposable {
  readonly token = 'token-of-the-tests-0123456789abcdef';
  readonly siteFile: string;
  readonly process: RunningProcess;
  #cameras: readonly SiteCamera[];
  #text: string;

  private constructor(
    readonly folder: string,
    readonly storage: string,
    readonly database: string | undefined,
    readonly ports: GatewayPorts,
    readonly settings: SiteSettings,
    cameras: readonly SiteCamera[],
    text: string,
    node: string,
  ) {
    this.siteFile = join(folder, 'site.yaml');
    this.#cameras = cameras;
    this.#text = text;
    const env = { PATH: process.env.PATH, VEILGATE_TOKEN: this.token, VEILGATE_LOG: 'debug' };
    this.process = startProcess(node, [...FLAGS, CLI, 'start', this.siteFile], { env });
  }

  /** Starts one and waits until it is ready, whatever its cameras do. */
  static async start(options: GatewayOptions): Promise<TestGateway> {
    const folder = await mkdtemp(join(tmpdir(), 'veilgate-site-'));
    const storage = options.storage ?? join(folder, 'data');
    const ports = options.ports ?? (await gatewayPorts());
    const { commissioning } = options;
    const settings = { vision: options.vision ?? { mode: 'off' }, server: options.server ?? {}, commissioning };
    const { database } = options;
    const text = siteText(options.cameras, ports, { dir: storage, url: database }, settings);
    await writeFile(join(folder, 'site.yaml'), text);
    const node = options.node ?? process.execPath;
    const gateway = new TestGateway(folder, storage, database, ports, settings, options.cameras, text, node);
    try {
      await gateway.eventually(
        'be ready',
        async () => (await gateway.#fetch('/readyz')).ok || undefined,
        START_PATIENCE_MS,
      );
      return gateway;
    } catch (error) {
      await gateway.close();
      throw new Error(`the gateway did not start:\n${gateway.process.output()}`, { cause: error });
    }
  }

  get pid(): number {
    return this.process.child.pid!;
  }

  /** The site file's text as it was last written whole. */
  get text(): string {
    return this.#text;
  }

  url(camera: string): string {
    return streamUrl(this.ports, camera);
  }

  /** Answers with the body; rejects unless the status is 2xx. */
  async api<T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<T> {
    const response = await this.#fetch(`/api/v1${path}`, {
      method,
      ...(body === undefined
        ? { headers }
        : { body: JSON.stringify(body), headers: { ...headers, 'content-type': 'application/json' } }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text) as T;
  }

  /** JSON at any path. */
  async get<T>(path: string): Promise<T> {
    return (await (await this.#fetch(path)).json()) as T;
  }

  /** Media type of what is at a path. */
  async typeOf(path: string): Promise<string> {
    const response = await this.#fetch(path);
    // Streams of events never end.
    await response.body?.cancel();
    return response.headers.get('content-type') ?? '';
  }

  camera(id: string): Promise<CameraReport> {
    return this.api('GET', `/cameras/${id}`);
  }

  /** Resolves when the zones are in force. */
  putZones(id: string, zones: readonly Zone[], unmasked?: string): Promise<{ revision: number }> {
    return this.api('PUT', `/cameras/${id}/zones`, { zones, ...(unmasked ? { unmasked } : {}) });
  }

  withhold(id: string, withheld: boolean): Promise<CameraReport> {
    return this.api('PUT', `/cameras/${id}/withheld`, { withheld });
  }

  /** A JPEG. */
  snapshot(id: string): Promise<Buffer> {
    return this.bytes(`/cameras/${id}/snapshot.jpg`);
  }

  /** What is at a path of the API; rejects unless the status is 2xx. */
  async bytes(path: string): Promise<Buffer> {
    const response = await this.#fetch(`/api/v1${path}`);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return Buffer.from(await response.arrayBuffer());
  }

  /** Sum of a metric over the series that have these labels. */
  async metric(name: string, labels: Readonly<Record<string, string>> = {}): Promise<number> {
    const text = await (await this.#fetch('/metrics')).text();
    let sum = 0;
    for (const [, series, inside, value] of text.matchAll(/^([a-z_]+)(?:\{(.*)\})? (\S+)$/gm)) {
      if (series === name && Object.entries(labels).every(([key, wanted]) => inside?.includes(`${key}="${wanted}"`)))
        sum += Number(value);
    }
    return sum;
  }

  /** Waits until the camera is in a state (`masked`, `withheld:operator`, ...). */
  reaches(id: string, state: string, timeoutMs = PATIENCE_MS): Promise<CameraReport> {
    let last = '';
    return this.eventually(
      () => `find ${id} ${state}, but it is ${last}`,
      async () => {
        const report = await this.camera(id);
        last = report.reason === null ? report.state : `${report.state}:${report.reason}`;
        return last === state || report.state === state ? report : undefined;
      },
      timeoutMs,
    );
  }

  /** The camera's worker, once there is one (other than `before`). */
  workerPid(id: string, before?: number): Promise<number> {
    return this.eventually(`see a worker of ${id}`, async () => {
      const { workerPid } = await this.camera(id);
      return workerPid !== null && workerPid !== before ? workerPid : undefined;
    });
  }

  /** Asks again and again; what rejects counts as not yet. */
  async eventually<T>(
    what: string | (() => string),
    ask: () => Promise<T | undefined>,
    timeoutMs = PATIENCE_MS,
  ): Promise<T> {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const answer = await ask().catch(() => undefined);
      if (answer !== undefined) return answer;
      if (performance.now() > deadline || this.process.child.exitCode !== null) {
        const said = typeof what === 'string' ? what : what();
        throw new Error(`did not ${said} within ${timeoutMs} ms:\n${tail(this.process.output())}`);
      }
      await pause(POLL_MS);
    }
  }

  /** Edits cameras of the site file, in one piece as editors do. */
  async edit(change: (camera: SiteCamera) => SiteCamera): Promise<void> {
    this.#cameras = this.#cameras.map(change);
    this.#text = siteText(this.#cameras, this.ports, { dir: this.storage, url: this.database }, this.settings);
    await this.write(this.#text);
  }

  /** Replaces the site file by any text. */
  async write(text: string): Promise<void> {
    await writeFile(`${this.siteFile}.new`, text);
    await rename(`${this.siteFile}.new`, this.siteFile);
  }

  /** Runs another command of the same program on the same site. */
  command(...args: readonly string[]): Promise<Outcome> {
    const assignments = [`VEILGATE_TOKEN=${this.token}`, process.execPath, CLI];
    return runProgram('env', [...assignments, ...args]);
  }

  async close(): Promise<void> {
    await this.process.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #fetch(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(`http://127.0.0.1:${this.ports.http}${path}`, {
      ...init,
      headers: { ...(init.headers as Record<string, string>), authorization: `Bearer ${this.token}` },
    });
  }
}

function siteText(
  cameras: readonly SiteCamera[],
  { http, rtsp }: GatewayPorts,
  { dir, url }: { readonly dir: string; readonly url: string | undefined },
  { vision, server, commissioning }: SiteSettings,
): string {
  return stringify({
    version: 1,
    site: { name: 'Tests', responsibleUnit: 'Tests' },
    server: { http: `127.0.0.1:${http}`, rtsp: `127.0.0.1:${rtsp}`, ...server },
    storage: { dir, ...(url !== undefined && { url }) },
    vision,
    ...(commissioning !== undefined && { commissioning }),
    // Zones come last: a file that was cut short in them has all else that a camera needs.
    cameras: cameras.map(({ id, source, zones = [zone()], ...more }) => ({
      id,
      source,
      place: 'lobby',
      ...more,
      zones,
    })),
  });
}

const tail = (text: string): string => text.split('\n').slice(-40).join('\n');
