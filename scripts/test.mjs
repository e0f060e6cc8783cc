// `npm test`: everything that CI runs. Installs the peer programs that tests talk to where it may (root, apt), checks types, style and
// architecture, builds, runs every test, and ends with a line such as `812 passed, 0 failed`.
//
//   npm test                         tests whose peer is missing are skipped, by name
//   VEILGATE_REQUIRE=all npm test    a skipped test is a failure
//   npm test -- src/masking          only the files that match; no other checks
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Debian packages by the program or module that says they are there. */
const PEERS = [
  { packages: ['ffmpeg'], found: () => has('ffmpeg') && has('ffprobe') },
  {
    packages: [
      'python3-gi',
      'gir1.2-gst-rtsp-server-1.0',
      'gstreamer1.0-tools',
      'gstreamer1.0-plugins-base',
      'gstreamer1.0-plugins-good',
      'gstreamer1.0-plugins-bad',
      'gstreamer1.0-plugins-ugly',
      'gstreamer1.0-libav',
      'gstreamer1.0-rtsp',
    ],
    found: () =>
      has('gst-launch-1.0') &&
      succeeds('/usr/bin/python3', ['-c', "import gi; gi.require_version('GstRtspServer', '1.0')"]) &&
      succeeds('gst-inspect-1.0', ['avdec_h264']) &&
      succeeds('gst-inspect-1.0', ['rtspsrc']) &&
      succeeds('gst-inspect-1.0', ['x265enc']),
  },
  { packages: ['openssl'], found: () => has('openssl') },
  { packages: ['chromium'], found: () => has('chromium') },
  // Chinese letters, for the pictures of the console that a run leaves.
  { packages: ['fonts-wqy-microhei'], found: () => succeeds('sh', ['-c', 'fc-list :lang=zh | grep -q .']) },
  { packages: ['postgresql'], found: () => existsSync('/usr/lib/postgresql') },
  { packages: ['mosquitto'], found: () => has('mosquitto') || existsSync('/usr/sbin/mosquitto') },
  { packages: ['procps'], found: () => has('ps') },
];

const only = process.argv.slice(2);
let failed = false;
installPeers();
step('build', 'npm', ['run', '--silent', 'build']);
if (only.length === 0) {
  step('types', 'npm', ['run', '--silent', 'typecheck']);
  step('style', 'npm', ['run', '--silent', 'lint']);
}
const { passed, failures, skipped } = runTests();
if (skipped.length > 0) console.log(`\nSkipped:\n${skipped.map((name) => `  ${name}`).join('\n')}`);
const strict = process.env.VEILGATE_REQUIRE === 'all' && skipped.length > 0;
if (strict) console.log('VEILGATE_REQUIRE=all: a skipped test is a failure.');
console.log(`\n${passed} passed, ${failures + (strict ? skipped.length : 0) + (failed ? 1 : 0)} failed`);
process.exit(failed || strict || failures > 0 || passed === 0 ? 1 : 0);

function installPeers() {
  const missing = PEERS.filter(({ found }) => !found()).flatMap(({ packages }) => packages);
  if (missing.length === 0 || process.getuid?.() !== 0 || !has('apt-get')) return;
  console.log(`Installing what tests talk to: ${missing.join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const wait = ['-o', 'DPkg::Lock::Timeout=240'];
  spawnSync('apt-get', [...wait, '-qq', 'update'], { stdio: 'inherit', env });
  spawnSync('apt-get', [...wait, '-qq', '-y', '--no-install-recommends', 'install', ...missing], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env,
  });
}

function step(name, command, args) {
  const { status } = spawnSync(command, args, { stdio: 'inherit' });
  if (status === 0) return;
  console.log(`${name}: failed`);
  failed = true;
}

function runTests() {
  const folder = mkdtempSync(join(tmpdir(), 'veilgate-test-'));
  const report = join(folder, 'report.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const { status } = spawnSync('npx', ['vitest', 'run', ...reporters, ...only], { stdio: 'inherit' });
  if (status !== 0 && !existsSync(report)) return { passed: 0, failures: 1, skipped: [] };
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(report, 'utf8'));
  rmSync(folder, { recursive: true });
  const skipped = testResults.flatMap(({ assertionResults }) =>
    assertionResults
      .filter(({ status }) => status === 'pending' || status === 'skipped')
      .map(({ fullName }) => fullName),
  );
  // A file that fails to load has no tests to count.
  const broken = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.every(({ status: s }) => s !== 'failed'),
  );
  const unexplained = status !== 0 && numFailedTests === 0 && broken.length === 0 ? 1 : 0;
  return { passed: numPassedTests, failures: numFailedTests + broken.length + unexplained, skipped };
}

function has(program) {
  return succeeds('which', [program]);
}

function succeeds(command, args) {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}
