import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { CLI, isBuilt, TestGateway } from '../support/gateway.js';
import { runProgram } from '../support/program.js';

describe.skipIf(!isBuilt())('a site that no admin can come into', () => {
  it('gets a link on the machine of the gateway, and the log says so', async () => {
    await using gateway = await TestGateway.start({ cameras: [{ id: 'lobby', source: 'demo:lobby' }] });
    const link = async (name: string) => {
      const { code, output } = await gateway.command('accounts', 'setup-link', name, '--site', gateway.siteFile);
      return { code, output, secret: /#\/invitation\/(\S+)/.exec(output)?.[1] };
    };
    const follow = async (secret: string | undefined): Promise<number> => {
      const body = JSON.stringify({ secret, password: 'seven hedgehogs cross the marsh' });
      const headers = { 'content-type': 'application/json' };
      const address = `http://127.0.0.1:${gateway.ports.http}/api/v1/setup`;
      return (await fetch(address, { method: 'POST', headers, body })).status;
    };
    const account = () => gateway.api<object>('GET', '/accounts/ada');

    // The setup link of the start is over with any account, also one that is no admin's.
    await gateway.api('POST', '/accounts', { name: 'chen', role: 'regulator' });
    const made = await link('ada');
    expect(made.output).toContain('Made the admin ada.');
    expect(await follow(made.secret)).toBe(200);
    expect(await follow(made.secret)).toBe(410);

    await gateway.api('POST', '/accounts', { name: 'bob', role: 'admin' });
    expect(await follow((await link('bob')).secret)).toBe(200);
    await gateway.api('DELETE', '/accounts/ada').catch(() => undefined);
    expect(await account()).toMatchObject({ disabledAt: expect.any(String) });
    const again = await link('ada');
    expect(again.output).toContain('The password and the sessions of ada are gone.');
    expect(await account()).toMatchObject({ disabledAt: null, passwordAt: null });
    expect(await follow(again.secret)).toBe(200);

    expect(await link('chen')).toMatchObject({ code: 1, output: expect.stringContaining('of the role regulator') });
    const { entries } = await gateway.get<{ entries: { kind: string; data: { account?: string; change?: string } }[] }>(
      '/api/v1/log/entries',
    );
    const changes = entries.filter(({ kind, data }) => kind === 'account-change' && data.account === 'ada');
    expect(changes.map(({ data }) => data.change)).toEqual([
      'made: admin',
      'password set',
      'admin, disabled',
      'admin, may log in',
      'invited to set a new password',
      'password set',
    ]);
  });

  it('gets a link without a gateway and without its token, which works after the next start', async () => {
    const storage = await mkdtemp(join(tmpdir(), 'veilgate-setup-link-'));
    const site = { cameras: [{ id: 'lobby', source: 'demo:lobby' }], storage };
    try {
      let made: string;
      {
        await using gateway = await TestGateway.start(site);
        await gateway.api('POST', '/accounts', { name: 'ada', role: 'admin' });
        await gateway.process.close();
        const { code, output } = await gateway.command('accounts', 'setup-link', 'ada', '--site', gateway.siteFile);
        expect([code, output]).toEqual([0, expect.stringContaining('No gateway runs: start it')]);
        expect(output).toContain('The password and the sessions of ada are gone.');
        made = /#\/invitation\/(\S+)/.exec(output)![1]!;
        const chen = await gateway.command('accounts', 'setup-link', 'chen', '--site', gateway.siteFile);
        expect(chen.output).toContain('Made the admin chen.');
      }
      await using gateway = await TestGateway.start(site);
      const body = JSON.stringify({ secret: made, password: 'seven hedgehogs cross the marsh' });
      const headers = { 'content-type': 'application/json' };
      const address = `http://127.0.0.1:${gateway.ports.http}/api/v1/setup`;
      expect((await fetch(address, { method: 'POST', headers, body })).status).toBe(200);
      const { entries } = await gateway.api<{ entries: { kind: string; actor: string; data: object }[] }>(
        'GET',
        '/log/entries?start=0&limit=256',
      );
      expect(entries.filter(({ actor }) => actor === 'command line').map(({ data }) => data)).toEqual([
        { account: 'ada', change: 'invited to set a new password' },
        { account: 'chen', change: 'made: admin' },
      ]);
      const verified = await gateway.command('audit', 'verify', storage);
      expect([verified.code, verified.output]).toEqual([0, expect.stringContaining('consistent')]);
    } finally {
      await rm(storage, { recursive: true, force: true });
    }
  });

  it('is told where another program answers in the place of the gateway, which does not get the token', async () => {
    const heard: IncomingMessage[] = [];
    const other = createServer((request, response) => {
      heard.push(request);
      response.setHeader('content-type', 'application/json').end('{"status":"alive"}');
    });
    await once(other.listen(0, '127.0.0.1'), 'listening');
    const folder = await mkdtemp(join(tmpdir(), 'veilgate-setup-link-'));
    try {
      const { port } = other.address() as AddressInfo;
      const site = { name: 'Tests', responsibleUnit: 'Tests' };
      const server = { http: `127.0.0.1:${port}` };
      const file = join(folder, 'site.yaml');
      await writeFile(file, stringify({ version: 1, site, server, storage: { dir: folder }, cameras: [] }));
      const args = ['VEILGATE_TOKEN=token-of-nobody-else-0123456789', process.execPath, CLI];
      const { code, output } = await runProgram('env', [...args, 'accounts', 'setup-link', 'ada', '--site', file]);
      expect([code, output]).toEqual([1, expect.stringContaining(`127.0.0.1:${port} is no Veilgate`)]);
      expect(output).toContain('status 200, application/json');
      expect(heard.map(({ url, headers }) => [url, headers.authorization])).toEqual([['/healthz', undefined]]);
    } finally {
      other.close();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
