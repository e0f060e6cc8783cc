// Builds dist/ after `npm ci` in a clone, so that `npx veilgate` works at once. Where the compiler is not installed (a production
// install, or the published package, which carries dist/), there is nothing to do.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

if (existsSync('node_modules/typescript/package.json') && existsSync('src')) {
  const { status } = spawnSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' });
  process.exit(status ?? 1);
}
