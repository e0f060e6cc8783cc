import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

/** Where Debian keeps the newest server's programs; null: there is none. */
const findPrograms = (): string | null => {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  return versions.map((version) => join(root, version, 'bin')).find((bin) => existsSync(join(bin, 'postgres'))) ?? null;
};

/** Whether tests with PostgreSQL must be skipped. With VEILGATE_REQUIRE=all nothing is. */
export const isPostgresMissing = (): boolean => process.env.VEILGATE_REQUIRE !== 'all' && findPrograms() === null;

/** PostgreSQL refuses to run as root: `nobody` then. */
const USER = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

/** A server of its own in a temporary folder, on any free port of loopback. */
export class PostgresServer implements AsyncDisposable {
  readonly #bin: string;
  readonly #dir: string;
  readonly port: number;
  #process: ChildProcess | null = null;
  #databases = 0;

  private constructor(bin: string, dir: string, port: number) {
    this.#bin = bin;
    this.#dir = dir;
    this.port = port;
  }

  static async start(): Promise<PostgresServer> {
    const bin = findPrograms();
    if (!bin) throw new Error('PostgreSQL is not installed.');
    const dir = mkdtempSync(join(tmpdir(), 'veilgate-pg-'));
    if (USER.uid) chownSync(dir, USER.uid, USER.gid);
    execFileSync(join(bin, 'initdb'), ['-D', join(dir, 'data'), '-U', 'veilgate', '-A', 'trust', '-E', 'UTF8', '-N'], {
      ...USER,
      stdio: 'ignore',
      cwd: dir,
    });
    const server = new PostgresServer(bin, dir, await freePort());
    await server.resume();
    return server;
  }

  /** Makes an empty database and gives its address. */
  async database(): Promise<string> {
    const name = `test_${++this.#databases}`;
    await this.#ask(`create database ${name}`);
    return this.#url(name);
  }

  /** Starts it again after `stop` or `kill`. */
  async resume(): Promise<void> {
    // -F: the kernel keeps what was written when the server is killed, and that is all that tests do to it.
    const options = ['-F', '-D', join(this.#dir, 'data'), '-p', String(this.port), '-k', this.#dir, '-h', '127.0.0.1'];
    this.#process = spawn(join(this.#bin, 'postgres'), options, { ...USER, stdio: 'ignore', cwd: this.#dir });
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#ask('select 1');
      } catch (error) {
        if (attempt > 150) throw error;
        await sleep(100);
      }
    }
  }

  /** Ends it at once, as a power cut would end its connections. */
  async kill(): Promise<void> {
    const process = this.#process;
    if (!process || process.exitCode !== null) return;
    const ended = new Promise((resolve) => process.once('exit', resolve));
    process.kill('SIGQUIT');
    await ended;
    this.#process = null;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    rmSync(this.#dir, { recursive: true, force: true });
  }

  async #ask(sql: string): Promise<void> {
    const client = new pg.Client({ connectionString: this.#url('postgres'), connectionTimeoutMillis: 2000 });
    client.on('error', () => undefined);
    await client.connect();
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  }

  #url(database: string): string {
    return `postgres://veilgate@127.0.0.1:${this.port}/${database}`;
  }
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
