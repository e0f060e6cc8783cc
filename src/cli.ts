#!/usr/bin/env -S node --no-memory-reducer
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { ValidateOptions } from './commands/validate.js';
import { VeilgateError } from './errors.js';
import type { LookFor } from './vision/looker.js';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** What `npm start` runs. */
const DEMO_SITE = fileURLToPath(new URL('../zones/demo.yaml', import.meta.url));

/** Here and not imported: a command that does not run loads nothing. */
const DATASET_FORMATS = ['manifest', 'folders', 'coco', 'cvat'] as const;
type ValidateFlags = Pick<
  ValidateOptions,
  'format' | 'out' | 'site' | 'camera' | 'detector' | 'skipBad' | 'fresh' | 'seed'
> & {
  readonly compare?: readonly string[];
};

interface LookFlags {
  readonly json: boolean;
  readonly only?: LookFor[];
  readonly detector?: string;
  readonly every: number;
  readonly most: number;
}

const wholeNumber = (text: string): number => {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('a whole number is needed.');
};
function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('It is a number above 0.');
  return value;
}

function looks(text: string): LookFor[] {
  const all = ['place', 'objects', 'signs'] as const;
  const wanted = text.split(',').map((each) => all.find((look) => look === each.trim()));
  if (wanted.some((look) => look === undefined)) throw new InvalidArgumentError(`Write some of ${all.join(',')}.`);
  return wanted as LookFor[];
}

const program = new Command('veilgate')
  .description('Privacy-zone enforcement gateway: camera streams in, masked streams out.')
  .version(version)
  .showHelpAfterError();

program
  .command('start')
  .description('run the gateway')
  .argument('[site]', 'site file', DEMO_SITE)
  .action(async (site: string) => {
    const { tuneControlHeap } = await import('./control/heap-flags.js');
    tuneControlHeap();
    const { startGateway } = await import('./commands/start.js');
    const gateway = await startGateway(site, { env: process.env, version });
    let closing = false;
    const stop = (): void => {
      if (closing) process.exit(1);
      closing = true;
      void gateway.close().then(() => process.exit(0));
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
  });

program
  .command('check')
  .description('validate a site file; every problem with its place and its cure')
  .argument('<site>', 'site file')
  .action(async (site: string) => {
    const { runCheck } = await import('./commands/check.js');
    const { env, stdout, stderr } = process;
    process.exitCode = await runCheck(site, { env, stdout, stderr });
  });

program
  .command('mask')
  .description('mask one file, offline, by the same stages as a live camera')
  .argument('<in>', 'file to mask')
  .argument('<out.mp4>', 'masked file to make')
  .requiredOption('--site <site>', 'site file with the zones')
  .requiredOption('--camera <id>', 'camera whose zones are burned in')
  .option('--force', 'overwrite the output', false)
  .addHelpText(
    'after',
    `
The zones are those of the site file for that camera; what a running gateway has in force is not asked for.
The output is video alone: no sound, no metadata, rotation burned in. It appears when it is complete and checked, or not at all.`,
  )
  .action(async (input: string, output: string, options: { site: string; camera: string; force: boolean }) => {
    const { runMask } = await import('./commands/mask.js');
    const interrupt = new AbortController();
    process.once('SIGINT', () => interrupt.abort());
    const { env, stdout, stderr } = process;
    await runMask({ input, output, ...options, env, stdout, stderr, signal: interrupt.signal });
  });

program
  .command('probe')
  .description('what a source offers, and what its first pictures are')
  .argument('<url>', 'rtsp(s):// address, file, or demo:NAME')
  .option('--json', 'one JSON document', false)
  .addOption(
    new Option('--transport <transport>', 'how RTP is carried').choices(['auto', 'tcp', 'udp']).default('auto'),
  )
  .option('--no-verify', 'accept any certificate of rtsps://')
  .action(async (source: string, options: { json: boolean; transport: 'auto' | 'tcp' | 'udp'; verify: boolean }) => {
    const { runProbe } = await import('./commands/probe.js');
    process.exitCode = await runProbe({ source, ...options, stdout: process.stdout });
  });

const validate = program
  .command('validate')
  .description('measure the product on footage of your own; a signed report that can be repeated')
  .argument('[dataset]', 'folder, or the file that describes it')
  .addOption(new Option('--format <format>', 'told by what is there, if left out').choices(DATASET_FORMATS))
  .option('--out <dir>', 'folder for the report', 'validation')
  .option('--site <site>', "signs with this site's key, and enters the report in its log")
  .option('--camera <id>', 'its zones mask what brings none of its own (with --site)')
  .option('--detector <model>', "what finds objects and people; the site's, or the default one, if left out")
  .option('--skip-bad', 'go on without files that cannot be used; the report names them', false)
  .option('--fresh', 'measure everything anew, also what an interrupted run has measured', false)
  .option('--compare <reports...>', 'two report.json: what got better or worse from the first to the second')
  .option('--seed <number>', 'of the resampling behind intervals', wholeNumber, 1)
  .action(async (dataset: string | undefined, { compare, ...options }: ValidateFlags) => {
    if (compare) {
      const { runValidateCompare } = await import('./commands/validate-verify.js');
      process.exitCode = await runValidateCompare(compare, process);
      return;
    }
    if (dataset === undefined) return validate.help({ error: true });
    const { runValidate } = await import('./commands/validate.js');
    const interrupt = new AbortController();
    process.once('SIGINT', () => interrupt.abort());
    const { env, stdout, stderr } = process;
    const io = { version, env, stdout, stderr, signal: interrupt.signal };
    process.exitCode = await runValidate({ dataset, ...options, ...io });
  });

validate
  .command('verify')
  .description('verify a report offline; without a key: that it is consistent, not who signed it')
  .argument('<report>', 'report.json; what lies beside it is compared too')
  .option('--key <key>', 'public key of the site, kept elsewhere: what `veilgate keys show` printed, or a file with it')
  .action(async (report: string, { key }: { key?: string }) => {
    const { runValidateVerify } = await import('./commands/validate-verify.js');
    const { stdout, stderr } = process;
    process.exitCode = await runValidateVerify(report, { ...(key === undefined ? {} : { key }), stdout, stderr });
  });

program
  .command('look')
  .description('what the gateway sees in pictures, clips and addresses: the place, objects, signs')
  .argument('<input...>', 'pictures, clips, folders of them, rtsp(s):// addresses, demo:NAME')
  .option('--json', 'one JSON object a picture, nothing else on stdout', false)
  .option('--only <what>', 'look for less, faster: of place, objects, signs, with commas between', looks)
  .option('--detector <model>', 'what finds objects, of those that `models list` shows; the default one if left out')
  .option('--every <seconds>', 'of clips and addresses: from picture to picture', positive, 2)
  .option('--most <pictures>', 'of clips (spread over their length) and addresses: pictures at most', positive, 30)
  .action(async (inputs: string[], options: LookFlags) => {
    const { isCommandLineLong, lookApart } = await import('./commands/look-apart.js');
    const { LOOKS } = await import('./vision/looker.js');
    const order = { inputs, ...options, only: options.only ?? LOOKS };
    if (isCommandLineLong()) {
      process.exitCode = await lookApart(order);
      return;
    }
    const { runLook } = await import('./commands/look.js');
    const { env, stdout, stderr } = process;
    process.exitCode = await runLook({ ...order, env, stdout, stderr });
  });

const models = program.command('models').description('the models that look at pictures');
models
  .command('list')
  .description('what is here: where it comes from, what was measured of it')
  .action(async () => {
    const { runModelsList } = await import('./commands/models.js');
    process.exitCode = await runModelsList(process);
  });
models
  .command('verify')
  .description('every file is the one of its card, and opens')
  .argument('[name...]', 'some instead of all')
  .action(async (names: string[]) => {
    const { runModelsVerify } = await import('./commands/models.js');
    const { stdout, stderr } = process;
    process.exitCode = await runModelsVerify({ names, stdout, stderr });
  });
models
  .command('pull')
  .description('fetch models from upstream addresses, each with a pinned digest')
  .argument('[name...]', 'some instead of all')
  .option('--list <file>', 'addresses of your own: [{"name", "url", "sha256", "bytes", "card"}]')
  .action(async (names: string[], options: { list?: string }) => {
    const { runModelsPull } = await import('./commands/models.js');
    const { stdout, stderr } = process;
    process.exitCode = await runModelsPull({ names, ...options, stdout, stderr });
  });

const report = program.command('report').description('reports about a site, signed with its key');
report
  .command('commission')
  .description('what Art. 19 wants to see of a camera, with a leak test on its own source')
  .argument('<camera>', 'camera id')
  .option('--site <site>', 'site file', DEMO_SITE)
  .option('--out <dir>', 'folder for the report', 'reports')
  .option('--seconds <number>', 'length of the leak test', wholeNumber, 10)
  .action(async (camera: string, options: { site: string; out: string; seconds: number }) => {
    const { runReportCommission } = await import('./commands/report.js');
    const { env, stdout } = process;
    process.exitCode = await runReportCommission(camera, { ...options, version, env, stdout });
  });
report
  .command('compliance')
  .description('by article, what the site file, the zones and the audit log say')
  .option('--site <site>', 'site file', DEMO_SITE)
  .option('--out <dir>', 'folder for the report', 'reports')
  .action(async (options: { site: string; out: string }) => {
    const { runReportCompliance } = await import('./commands/report.js');
    const { env, stdout } = process;
    process.exitCode = await runReportCompliance({ ...options, version, env, stdout });
  });

const audit = program.command('audit').description('the tamper-evident log');
audit
  .command('verify')
  .description('verify a log offline; without a key: that it is consistent, not who signed it')
  .argument('<dir>', 'the log, or the storage folder that it is in')
  .option('--key <key>', 'public key of the site, kept elsewhere: what `veilgate keys show` printed, or a file with it')
  .option('--since <checkpoint>', 'file with an earlier checkpoint: finds a log that was rolled back')
  .option('--witness <place>', 'file or address that checkpoints were sent to')
  .action(async (dir: string, options: { key?: string; since?: string; witness?: string }) => {
    const { runAuditVerify } = await import('./commands/audit-verify.js');
    process.exitCode = await runAuditVerify(dir, { ...options, stdout: process.stdout, stderr: process.stderr });
  });

const exporting = program
  .command('export')
  .description('alerts, masked evidence, zone history and log proofs as one signed zip; takes two people')
  .option('--site <site>', 'site file', DEMO_SITE)
  .option('--out <zip>', 'file to make')
  .option('--from <time>', 'from when: 2026-03-01 or 2026-03-01T08:00:00Z')
  .option('--to <time>', 'until when')
  .option('--camera <id>', 'one camera alone')
  .option('--purpose <text>', 'what it is for')
  .addHelpText(
    'after',
    '\nRuns as the person whose API token VEILGATE_API_TOKEN holds, else as the holder of the admin token.',
  )
  .action(async (options: Record<'site' | 'out' | 'from' | 'to' | 'purpose', string> & { camera?: string }) => {
    for (const name of ['out', 'from', 'to', 'purpose'] as const) {
      if (options[name] === undefined) exporting.error(`error: required option '--${name}' not specified`);
    }
    const { runExport } = await import('./commands/export.js');
    await runExport({ ...options, env: process.env, stdout: process.stdout });
  });
exporting
  .command('verify')
  .description('check an export offline; without a key: that it is whole, not who signed it')
  .argument('<zip>', 'the export')
  .option('--key <key>', 'public key of the site, kept elsewhere: what `veilgate keys show` printed, or a file with it')
  .action(async (zip: string, options: { key?: string }) => {
    const { runExportVerify } = await import('./commands/export.js');
    process.exitCode = await runExportVerify(zip, { ...options, stdout: process.stdout, stderr: process.stderr });
  });

const keys = program.command('keys').description('keys of the site');
keys
  .command('show')
  .description("public key of the site's log: keep it elsewhere than the log")
  .option('--site <site>', 'site file', DEMO_SITE)
  .action(async (options: { site: string }) => {
    const { loadSite } = await import('./config/load.js');
    const { auditOrigin } = await import('./record/log/origin.js');
    const { runKeysShow } = await import('./commands/keys-show.js');
    const { site } = await loadSite(options.site, process.env);
    await runKeysShow(site.storage.dir, { origin: auditOrigin(site.site.name), stdout: process.stdout });
  });

const zones = program.command('zones').description('zone sets in force');
zones
  .command('accept')
  .description("put the site file's zones in force, also where they mask less, and accept the present view")
  .argument('<camera>', 'camera id')
  .requiredOption('--site <site>', 'site file')
  .option('--approval <id>', "a second person's approval, where the site asks for two (zones.twoPersons)")
  .action(async (camera: string, options: { site: string; approval?: string }) => {
    const { runZonesAccept } = await import('./commands/zones-accept.js');
    await runZonesAccept({ camera, ...options, env: process.env, stdout: process.stdout });
  });

const siteCommand = program.command('site').description('what the site file protects');
siteCommand
  .command('accept')
  .description('let the site file weaken what it protected: retention, zones.twoPersons, view guard, vision')
  .requiredOption('--site <site>', 'site file')
  .option('--approval <id>', "a second person's approval")
  .action(async (options: { site: string; approval?: string }) => {
    const { runSiteAccept } = await import('./commands/site-accept.js');
    await runSiteAccept({ ...options, env: process.env, stdout: process.stdout });
  });

const accounts = program.command('accounts').description('who has an account');
accounts
  .command('setup-link')
  .description('a one-time link for an admin, on the machine of the gateway, when nobody is left who could invite them')
  .argument('<name>', 'the admin: made where there is none, else given a new password')
  .option('--site <site>', 'site file', DEMO_SITE)
  .action(async (name: string, { site }: { site: string }) => {
    const { runSetupLink } = await import('./commands/accounts-setup-link.js');
    await runSetupLink({ name, site, env: process.env, stdout: process.stdout });
  });

const sign = program.command('sign').description('signs of surveillance (Regulation, Art. 16)');
sign
  .command('attest')
  .description('show by a photo that a sign hangs where no camera sees it; counts for 180 days')
  .argument('<camera>', 'camera id')
  .argument('<photo>', 'photo of the sign: JPEG, PNG, WebP')
  .requiredOption('--by <name>', 'who took the photo and answers for it')
  .requiredOption('--site <site>', 'site file')
  .action(async (camera: string, photo: string, { by, site }: { by: string; site: string }) => {
    const { runSignAttest } = await import('./commands/sign-attest.js');
    await runSignAttest({ camera, photo, by, site, env: process.env, stdout: process.stdout });
  });

program.parseAsync().catch((error: unknown) => {
  const message = error instanceof VeilgateError ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`${message}\n`);
  process.exit(1);
});
