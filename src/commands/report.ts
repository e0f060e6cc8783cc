import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { quietEngineLog } from '../camera/engine-log.js';
import { runLeakTrial } from '../camera/leak-trial.js';
import type { Environment } from '../config/interpolate.js';
import { loadSite } from '../config/load.js';
import type { CameraConfig, Site } from '../config/site.js';
import { sourceConfig } from '../control/camera-setup.js';
import { VeilgateError } from '../errors.js';
import { openAuditKey, readAuditKey } from '../record/log/audit-key.js';
import type { Json } from '../record/log/canonical-json.js';
import { NodeDisk } from '../record/log/disk.js';
import { auditOrigin } from '../record/log/origin.js';
import { verifyLog } from '../record/log/verify/verify-log.js';
import { attestedUntil, SignAttestations } from '../record/sign-attestations.js';
import { countLeaks } from '../validate/leaks/count-leaks.js';
import { hiddenPixels } from '../validate/leaks/hidden-pixels.js';
import { describeCommit, describeMachine } from '../validate/report/provenance.js';
import { commissionChecks, latencyOf, type TrialFacts } from '../validate/site-report/commission.js';
import { type CameraFacts, complianceChecks, type LogFacts } from '../validate/site-report/compliance.js';
import { renderSiteReport, type SiteReport, signSiteReport } from '../validate/site-report/site-report.js';
import { FileViewStore } from '../zones/file-view-store.js';
import { FileZoneStore } from '../zones/file-zone-store.js';
import { isProhibitedKind } from '../zones/zone.js';
import type { Output } from './check.js';

export interface ReportOptions {
  readonly site: string;
  /** Folder for the report. */
  readonly out: string;
  readonly version: string;
  readonly env: Environment;
  readonly stdout: Output;
}

/**
 * `veilgate report compliance`: by article, what the site file, the zone store and the audit log say. Exit 1 where a check fails.
 *
 * @throws SiteFileError, VeilgateError as `openAuditKey`
 */
export async function runReportCompliance(options: ReportOptions): Promise<0 | 1> {
  const { site } = await loadSite(options.site, options.env);
  const cameras = await Promise.all(site.cameras.map((camera) => factsOf(site, camera)));
  const checks = complianceChecks(site, cameras, await logFacts(site));
  return write(site, options, { kind: 'compliance', camera: null, checks, facts: {}, sample: null });
}

/**
 * `veilgate report commission <camera>`: what Art. 19 wants to see, with a leak test on the camera's own source run on the spot. Exit 1 where a
 * check fails.
 *
 * @throws SiteFileError, VeilgateError: `unknown-camera`, `prohibited-place`, as `runLeakTrial` and `openAuditKey`
 */
export async function runReportCommission(
  id: string,
  { seconds, ...options }: ReportOptions & { readonly seconds: number },
): Promise<0 | 1> {
  quietEngineLog();
  const { site } = await loadSite(options.site, options.env);
  const camera = site.cameras.find((candidate) => candidate.id === id);
  if (!camera) throw new VeilgateError('unknown-camera', `${options.site} has no camera "${id}".`);
  if (isProhibitedKind(camera.place))
    throw new VeilgateError(
      'prohibited-place',
      `Camera "${id}" is declared to be in a ${camera.place}, where Art. 15 prohibits cameras: it cannot be put into use.`,
    );
  const accepted = await new FileZoneStore(site.storage.dir).current(id);
  const zones = accepted?.zones ?? camera.zones;
  const trial = await tryOut({ ...camera, zones }, seconds);
  const facts = await factsOf(site, camera);
  const checks = [...complianceChecks(site, [facts], await logFacts(site)), ...commissionChecks(site, camera, trial)];
  const { jpeg, latencies, view, ...measured } = trial.trial;
  return write(site, options, {
    kind: 'commission',
    camera: id,
    checks,
    facts: {
      ...measured,
      latency: latencyOf(latencies),
      leakedFrames: trial.leakedFrames,
      leakedPixels: trial.leakedPixels,
      hiddenPixels: trial.hiddenPixels,
      zones: zones as unknown as Json,
      zoneRevision: accepted?.revision ?? null,
      viewReference: view === null ? null : createHash('sha256').update(view).digest('hex'),
      sign: trial.sign,
      machine: { ...describeMachine() },
    },
    sample: jpeg?.toString('base64') ?? null,
  });
}

async function tryOut(camera: CameraConfig, seconds: number): Promise<TrialFacts> {
  const polygons = camera.zones.filter(({ action }) => action === 'mask').map(({ polygon }) => polygon);
  const test = camera.zones.every(({ action, style }) => action !== 'mask' || style === 'solid') ? 'black' : 'detail';
  const counts = { leakedFrames: 0, leakedPixels: 0, hiddenPixels: 0 };
  let hidden: Uint8Array | null = null;
  let first: Parameters<Parameters<typeof runLeakTrial>[0]['onFirst']>[0] | null = null;
  const { codec, bitrate, onDemand, hardware } = camera.output;
  const trial = await runLeakTrial({
    source: sourceConfig(camera),
    output: { codec, bitrate, onDemand, hardware: hardware === 'auto' },
    zones: camera.zones,
    guard: { mode: camera.guard.mode, view: null, mayLearn: true },
    forMs: seconds * 1000,
    onPair(source, output, fullRange) {
      const { width, height } = output;
      if (hidden?.length !== width * height) hidden = hiddenPixels(polygons, width, height);
      const leaked = countLeaks(source, output, hidden, { test, fullRange });
      counts.hiddenPixels += hidden.reduce((sum, pixel) => sum + pixel, 0);
      counts.leakedPixels += leaked;
      if (leaked > 0) counts.leakedFrames++;
    },
    onFirst(picture) {
      first = picture;
    },
  });
  const signWanted = camera.public || camera.sign !== null;
  return { trial, ...counts, signWanted, sign: signWanted && first ? await readSign(camera, first) : null };
}

async function readSign(
  { sign }: CameraConfig,
  picture: { readonly width: number; readonly height: number; readonly data: Uint8Array },
): Promise<TrialFacts['sign']> {
  const [{ openSignReader }, { DEFAULT_SIGN_WORDS }] = await Promise.all([
    import('../vision/sign/open.js'),
    import('../config/schema.js'),
  ]);
  await using open = await openSignReader();
  const [surest] = await open.reader.read(picture, {
    expect: sign?.expect ?? DEFAULT_SIGN_WORDS,
    region: sign?.region ?? null,
  });
  return surest ? { text: surest.text, score: surest.score } : null;
}

async function factsOf({ storage }: Site, camera: CameraConfig): Promise<CameraFacts> {
  const history = await new FileZoneStore(storage.dir).history(camera.id);
  const last = history.at(-1);
  const view = await new FileViewStore(storage.dir).read(camera.id).catch(() => null);
  // Attestations that cannot be read are none.
  const attested = (await new SignAttestations(storage.dir).of(camera.id).catch(() => [])).at(-1) ?? null;
  return {
    camera,
    accepted: last
      ? { revisions: history.length, zones: last.zones.length, by: last.acceptedBy, at: last.acceptedAt }
      : null,
    viewAccepted: view !== null,
    attested: attested
      ? {
          by: attested.by,
          until: new Date(attestedUntil(attested)).toISOString().slice(0, 10),
          counts: Date.now() < attestedUntil(attested),
        }
      : null,
  };
}

async function logFacts({ site, storage }: Site): Promise<LogFacts> {
  // A report makes the site's key too: a key alone does not mean that there ever was a log.
  if (!existsSync(join(storage.dir, 'audit')) && !existsSync(join(storage.dir, 'zones'))) return null;
  const key = await readAuditKey(join(storage.dir, 'keys'), auditOrigin(site.name));
  if (key === null) return null;
  const { checkpoint, problems } = await verifyLog(new NodeDisk(join(storage.dir, 'audit')), { key, earlier: [] });
  return { problems: problems.map(({ message }) => message), entries: checkpoint?.size ?? 0 };
}

async function write(
  site: Site,
  { out, version, stdout }: ReportOptions,
  report: Pick<SiteReport, 'kind' | 'camera' | 'checks' | 'facts' | 'sample'>,
): Promise<0 | 1> {
  const folder = resolve(out);
  await mkdir(folder, { recursive: true });
  const key = await openAuditKey(join(site.storage.dir, 'keys'), { origin: auditOrigin(site.site.name) });
  const signed = signSiteReport(
    {
      ...report,
      format: 'veilgate-site-report/1',
      site: site.site.name,
      rules: site.site.rules,
      product: { version, commit: describeCommit() },
      madeAt: new Date().toISOString(),
    },
    key,
  );
  const name = join(folder, report.camera ? `${report.kind}-${report.camera}` : report.kind);
  await writeFile(`${name}.json`, `${JSON.stringify(signed, null, 1)}\n`);
  await writeFile(`${name}.html`, renderSiteReport(signed));
  for (const { article, camera, what, result, detail } of report.checks)
    stdout.write(`${result.padEnd(7)} Art. ${article}${camera ? ` ${camera}` : ''}: ${what[0]}: ${detail}\n`);
  stdout.write(`signed with ${signed.signer.fingerprint}\n${name}.json\n${name}.html\n`);
  return report.checks.some(({ result }) => result === 'fails') ? 1 : 0;
}
