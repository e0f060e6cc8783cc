import { execFileSync } from 'node:child_process';
import { cpus, release, totalmem, type } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { RunFacts } from './report.js';

const PACKAGE = fileURLToPath(new URL('../../..', import.meta.url));

/** The commit that this program was built from, with `+` where its sources were changed since; null outside of a clone. */
export const describeCommit = (): string | null => {
  const git = (...args: string[]): string =>
    execFileSync('git', ['-C', PACKAGE, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    // A checkout above a package that was installed into it is not the package's own.
    if (git('ls-files', '--', 'package.json') === '') return null;
    const changed = git('status', '--porcelain', '--untracked-files=no', '--', 'src', 'package.json');
    return `${git('rev-parse', 'HEAD')}${changed ? '+' : ''}`;
  } catch {
    return null;
  }
};

export const describeMachine = (): RunFacts['machine'] => ({
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  cores: cpus().length,
  memoryGb: Math.round(totalmem() / 2 ** 30),
  os: `${type()} ${release()}`,
  node: process.version,
});
