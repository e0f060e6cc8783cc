/** A client that trusts nothing but the log's key checks what the API says of the log. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VeilgateError } from '../errors.js';
import { makeKey } from '../record/log/audit-log.fixture.js';
import { verifyConsistency } from '../record/log/merkle/consistency.js';
import { hashLeaf } from '../record/log/merkle/hash.js';
import { verifyInclusion } from '../record/log/merkle/inclusion.js';
import { parseCheckpoint, type SignedCheckpoint } from '../record/log/note/checkpoint.js';
import { parseInclusionNote, verifyInclusionNote } from '../record/log/note/inclusion-note.js';
import { checkSignature, type SigningKey } from '../record/log/note/signed-note.js';
import { fingerprint, formatVerifierKey, parseVerifierKey } from '../record/log/note/verifier-key.js';
import { signDigests } from '../record/log/validation-entry.js';
import { journalInMemory, type ServedApp, serveApp, TOKEN } from './gateway.fixture.js';

let app: ServedApp;
beforeAll(async () => {
  app = await serveApp();
});
afterAll(() => app[Symbol.asyncDispose]());

const LOG = '/api/v1/log';
const get = async <T>(path: string): Promise<T> => {
  const response = await app.ask(`${LOG}${path}`);
  expect(response.status, path).toBe(200);
  return (await response.json()) as T;
};
const status = async (path: string): Promise<number> => {
  const response = await app.ask(`${LOG}${path}`);
  await response.body?.cancel();
  return response.status;
};
const bytes = (text: string): Buffer => Buffer.from(text, 'base64');

interface Head {
  readonly size: number;
  readonly checkpoint: string;
  readonly verifierKey: string;
}
const head = async (): Promise<{ key: ReturnType<typeof parseVerifierKey>; checkpoint: SignedCheckpoint }> => {
  const { verifierKey, checkpoint } = await get<Head>('');
  const parsed = parseCheckpoint(Buffer.from(checkpoint))!;
  return { key: parseVerifierKey(verifierKey), checkpoint: parsed };
};

describe('the log over the API', () => {
  it('has a head that its key signed', async () => {
    const { key, checkpoint } = await head();
    expect(checkpoint).toMatchObject({ size: 300, origin: key.name });
    expect(checkSignature(checkpoint.note, key)).toBe('signed');
    const alone = await (await app.ask(`${LOG}/checkpoint`)).text();
    expect(alone).toBe((await get<Head>('')).checkpoint);
  });

  it('proves of each entry that it is under that head', async () => {
    const { checkpoint } = await head();
    for (const index of [0, 1, 255, 256, 299]) {
      const entry = await get<{ bytes: string; kind: string }>(`/entries/${index}`);
      const proof = await get<{ path: string[]; size: number; leafHash: string }>(`/entries/${index}/proof`);
      const leafHash = hashLeaf(bytes(entry.bytes));
      expect(proof.leafHash).toBe(leafHash.toString('base64'));
      const claim = { index, size: proof.size, leafHash, root: checkpoint.root };
      expect(verifyInclusion(claim, proof.path.map(bytes))).toBe(true);
      expect(verifyInclusion({ ...claim, leafHash: createHash('sha256').digest() }, proof.path.map(bytes))).toBe(false);
    }
  });

  it('gives a proof as a file that is checked offline', async () => {
    const { key } = await head();
    const { bytes: entry } = await get<{ bytes: string }>('/entries/42');
    const response = await app.ask(`${LOG}/entries/42/proof.tlog-proof`);
    const note = parseInclusionNote(Buffer.from(await response.arrayBuffer()))!;
    expect(verifyInclusionNote(note, hashLeaf(bytes(entry)), key)).toBe(true);
  });

  it('proves that it only grew', async () => {
    interface Proof {
      readonly firstRoot: string;
      readonly secondRoot: string;
      readonly path: string[];
    }
    const { checkpoint } = await head();
    for (const first of [0, 1, 128, 255, 300]) {
      const { firstRoot, secondRoot, path } = await get<Proof>(`/consistency?first=${first}`);
      expect(bytes(secondRoot).equals(checkpoint.root)).toBe(true);
      const heads = [{ size: first, root: bytes(firstRoot) }, checkpoint] as const;
      expect(verifyConsistency(...heads, path.map(bytes))).toBe(true);
    }
    const { secondRoot } = await get<Proof>('/consistency?first=7&second=100');
    const at100 = await get<{ root: string }>('/entries/7/proof?size=100');
    expect(secondRoot).toBe(at100.root);
  });

  it('lists the last entries unless it is told from where', async () => {
    const last = await get<{ entries: { index: number }[] }>('/entries?limit=3');
    expect(last.entries.map(({ index }) => index)).toEqual([297, 298, 299]);
    const across = await get<{ entries: { index: number }[] }>('/entries?start=254&limit=4');
    expect(across.entries.map(({ index }) => index)).toEqual([254, 255, 256, 257]);
    expect((await get<{ entries: unknown[] }>('/entries?start=9999')).entries).toEqual([]);
  });

  it('has no entries and proofs beyond its end', async () => {
    for (const path of ['/entries/300', '/entries/-1', '/entries/1.5', '/entries/x', '/entries/0/proof?size=301']) {
      expect(await status(path), path).toBe(404);
    }
    expect(await status('/entries/7/proof?size=7')).toBe(404);
    expect(await status('/consistency?first=301')).toBe(404);
    expect(await status('/consistency?first=3&second=2')).toBe(404);
  });

  it('says what is wrong with a query', async () => {
    for (const query of [
      '/consistency',
      '/entries?limit=0',
      '/entries?limit=257',
      '/entries?start=x',
      '/entries?a=1',
    ]) {
      expect(await status(query), query).toBe(422);
    }
    expect(await status('/entries?limit=1&limit=2')).toBe(422);
  });

  it('takes in a validation report whose signature is right, as its digests and nothing else', async () => {
    const journal = await journalInMemory();
    await using own = await serveApp({ journal });
    const [a, b, c] = ['a', 'b', 'c'].map((letter) => letter.repeat(64));
    const send = (body: unknown): Promise<Response> =>
      own.ask(`${LOG}/validations`, {
        method: 'POST',
        headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const digests = { report: a!, result: b!, dataset: c!, items: 12, skipped: 1 };
    const signedBy = (signer: SigningKey) => ({
      ...digests,
      key: formatVerifierKey(signer),
      signature: signDigests(digests, signer),
    });
    const said = signedBy(journal.key as SigningKey);
    const entered = await send(said);
    expect([entered.status, await entered.json()]).toEqual([200, { index: 300 }]);
    const entry = await (await own.ask(`${LOG}/entries/300`)).json();
    const site = fingerprint(journal.key);
    expect(entry).toMatchObject({ kind: 'validation', data: { ...digests, signer: 'site', key: site } });
    expect(entry).not.toMatchObject({ actor: 'system' });
    for (const wrong of [
      { ...said, report: 'x' },
      { ...said, items: -1 },
      { ...said, note: 'free text' },
    ])
      expect((await send(wrong)).status).toBe(422);
    const other = makeKey();
    for (const tampered of [
      { ...said, result: a },
      { ...said, skipped: 0 },
      { ...said, key: formatVerifierKey(other) },
      { ...said, signature: said.signature.replace('"items":12', '"items":13') },
      { ...said, signature: 'none' },
      { ...said, key: 'none' },
    ]) {
      const answer = await send(tampered);
      expect([answer.status, ((await answer.json()) as { error: { code: string } }).error.code]).toEqual([
        422,
        'validation-not-signed',
      ]);
    }
    expect(own.context.journal.reader().size).toBe(301);
    expect((await send(signedBy(other))).status).toBe(200);
    expect(await (await own.ask(`${LOG}/entries/301`)).json()).toMatchObject({
      data: { signer: 'not pinned', key: fingerprint(other) },
    });
  });

  it('that is damaged says so, and is not the fault of the request', async () => {
    const journal = await journalInMemory();
    const damage = new VeilgateError('audit-log-damaged', 'Entry 12 is altered.');
    await using broken = await serveApp({
      journal: {
        ...journal,
        reader: () => {
          throw damage;
        },
      },
    });
    const response = await broken.ask(LOG);
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({ error: { code: 'audit-log-damaged', message: 'Entry 12 is altered.' } });
  });
});
