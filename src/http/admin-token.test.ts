import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AdminToken, findAdminToken, loadAdminToken } from './admin-token.js';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'veilgate-token-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const fails = async (promise: Promise<unknown>, code: string): Promise<string> => {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ code });
  return (error as Error).message;
};

describe('the first start', () => {
  it('writes a token of 32 random bytes that only its owner may read, in a folder of its own', async () => {
    const storage = join(dir, 'a', 'data');
    const token = await loadAdminToken(storage, {});
    const path = join(storage, 'admin.token');
    const text = await readFile(path, 'utf8');
    expect(text).toMatch(/^[\w-]{43}\n$/);
    expect(token.matches(text.trim())).toBe(true);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(storage)).mode & 0o777).toBe(0o700);
    expect(await readdir(storage)).toEqual(['admin.token']);
  });

  it('is followed by starts that read the same token', async () => {
    await loadAdminToken(dir, {});
    const written = (await readFile(join(dir, 'admin.token'), 'utf8')).trim();
    expect((await loadAdminToken(dir, {})).matches(written)).toBe(true);
    expect(await findAdminToken(dir, {})).toBe(written);
  });

  it('writes another token in another place', async () => {
    await loadAdminToken(join(dir, 'a'), {});
    await loadAdminToken(join(dir, 'b'), {});
    expect(await readFile(join(dir, 'a', 'admin.token'))).not.toEqual(await readFile(join(dir, 'b', 'admin.token')));
  });
});

describe('a preset token', () => {
  it('is taken in place of the file, and writes none', async () => {
    const token = await loadAdminToken(dir, { VEILGATE_TOKEN: 'check-0123' });
    expect(token.matches('check-0123')).toBe(true);
    expect(await readdir(dir)).toEqual([]);
  });

  it('counts as not set where it is empty', async () => {
    await loadAdminToken(dir, { VEILGATE_TOKEN: '' });
    expect(await readdir(dir)).toEqual(['admin.token']);
  });

  it.each(['short', 'x'.repeat(513), 'has a space in it', 'schlüssel-wort', 'line\nbreak-line'])(
    'is refused where no header can carry it safely: %j',
    async (value) => {
      const message = await fails(loadAdminToken(dir, { VEILGATE_TOKEN: value }), 'token-malformed');
      expect(message).toContain('VEILGATE_TOKEN');
      expect(message).not.toContain(value);
    },
  );
});

describe('the token file', () => {
  const write = (text: string, mode: number) => writeFile(join(dir, 'admin.token'), text, { mode });

  it('is refused where others may read it, and the cure is named', async () => {
    await write('0123456789abcdef\n', 0o600);
    await chmod(join(dir, 'admin.token'), 0o640);
    expect(await fails(loadAdminToken(dir, {}), 'token-exposed')).toContain('Delete the file');
  });

  it.each(['', '\n', 'cut', 'two tokens'])('is refused where it holds no token: %j', async (text) => {
    await write(text, 0o600);
    expect(await fails(loadAdminToken(dir, {}), 'token-malformed')).toContain(join(dir, 'admin.token'));
  });

  it('is said to be unavailable where there is no place for it', async () => {
    await writeFile(join(dir, 'file'), '');
    await fails(loadAdminToken(join(dir, 'file', 'data'), {}), 'token-unavailable');
  });

  it('is null to whoever looks for it before the first start', async () => {
    expect(await findAdminToken(dir, {})).toBeNull();
  });
});

describe('AdminToken', () => {
  it('matches itself alone, at any length', () => {
    const token = new AdminToken('0123456789');
    expect(token.matches('0123456789')).toBe(true);
    for (const other of ['', '012345678', '01234567890', '0123456780', '0123456789\n']) {
      expect(token.matches(other)).toBe(false);
    }
  });

  it('does not show what it holds', () => {
    const token = new AdminToken('0123456789');
    expect(inspect(token, { showHidden: true, depth: 5 }) + JSON.stringify(token)).not.toContain('0123456789');
  });
});
