import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { bigLog } from './audit-log.fixture.js';
import type { SigningKey } from './note/signed-note.js';
import { formatVerifierKey, verifierKey } from './note/verifier-key.js';

/** The Ed25519 key whose seed is 32 zero bytes (PKCS8, RFC 8410). */
const privateKey = createPrivateKey({
  key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32)]),
  format: 'der',
  type: 'pkcs8',
});
const key: SigningKey = { ...verifierKey('example.org/golden', createPublicKey(privateKey)), privateKey };

/**
 * A log that a program which knows nothing of this one found in order: Tessera's fsck 1.0.4, of the transparency-dev project.
 *
 *     go run github.com/transparency-dev/tessera/cmd/fsck@v1.0.4 --ui=false --public_key=<file with the vkey> --storage_url=file://<audit folder>/
 */
describe('a log of 70,000 entries', () => {
  it('is byte for byte the one that another implementation has verified', async () => {
    const { files } = await bigLog(70_000, key);
    expect(formatVerifierKey(key)).toBe('example.org/golden+1d9470b1+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop');
    expect(files.get('checkpoint')!.toString()).toBe(
      'example.org/golden\n' +
        '70000\n' +
        'FrZ4i2i8mkXm8Gzy9siebq/6n6AkWa9mPIp1zR4JSlo=\n' +
        '\n' +
        '\u2014 example.org/golden HZRwsboF2eJZ0Fo9xkBz+zI86LNq/enR2J+myVD5myDy3Zwo7USDESidSDuRnyemMsE4R/uVm4T6g+sfZqqkXV9QqgQ=\n',
    );
    const digest = createHash('sha256');
    for (const path of [...files.keys()].filter((name) => name.startsWith('tile/')).sort()) {
      digest.update(`${path}\n`).update(files.get(path)!);
    }
    expect(digest.digest('hex')).toBe('224c5ad94aadcade2cc7926ef611002a56800ab0f2dc3754d899257eb485239a');
  });
});
