import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { quietEngineLog } from '../camera/engine-log.js';
import type { Environment } from '../config/interpolate.js';
import { loadSite } from '../config/load.js';
import { DEFAULT_DETECTOR } from '../config/schema.js';
import type { CameraConfig, Site } from '../config/site.js';
import { VeilgateError } from '../errors.js';
import { openAuditKey } from '../record/log/audit-key.js';
import { AuditLog } from '../record/log/audit-log.js';
import type { Json } from '../record/log/canonical-json.js';
import type { SigningKey } from '../record/log/note/signed-note.js';
import { fingerprint, formatVerifierKey } from '../record/log/note/verifier-key.js';
import { auditOrigin } from '../record/log/origin.js';
import { signDigests, validationEntry } from '../record/log/validation-entry.js';
import { answerAll } from '../validate/answer-all.js';
import { AnswerJournal } from '../validate/answer-journal.js';
import { type CheckedDataset, checkDataset } from '../validate/dataset/check-dataset.js';
import { formatDatasetProblem } from '../validate/dataset/item.js';
import { type DatasetFormat, openDataset } from '../validate/dataset/open-dataset.js';
import { findings } from '../validate/report/find.js';
import { renderHtml } from '../validate/report/html.js';
import { printPdf } from '../validate/report/pdf.js';
import { describeCommit, describeMachine } from '../validate/report/provenance.js';
import { digestOf, type Findings, type Report, resultDigest } from '../validate/report/report.js';
import { makeRunKey, signReport } from '../validate/report/sign.js';
import { worstCases } from '../validate/report/thumbnails.js';
import { openSubjects } from '../validate/subjects/open-subjects.js';
import type { ZoneSet } from '../zones/zone.js';
import type { Output } from './check.js';
import { askGateway, refusalOf } from './gateway-client.js';
import type { ProgressOutput } from './mask-progress.js';
import { ValidateProgress } from './validate-progress.js';
import { summarise } from './validate-text.js';

export interface ValidateOptions {
  readonly dataset: string;
  readonly format?: DatasetFormat;
  /** Folder for the report. */
  readonly out: string;
  /** Signs with its key, and enters the report in its log. */
  readonly site?: string;
  /** Whose zones mask what brings none of its own. */
  readonly camera?: string;
  /** The model that finds objects and people; the site's where it is left out. */
  readonly detector?: string;
  readonly skipBad: boolean;
  /** Answers that an interrupted run left are thrown away. */
  readonly fresh: boolean;
  readonly seed: number;
  readonly version: string;
  readonly env: Environment;
  readonly stdout: Output;
  readonly stderr: ProgressOutput;
  readonly signal?: AbortSignal;
}

/** Answers so far, while a run goes on. */
const JOURNAL = 'answers.jsonl';

/**
 * `veilgate validate <dataset>`: runs the product over footage of one's own and writes report.json and report.html. Problems of the dataset
 * are listed on stderr before anything runs (1, unless they are to be skipped).
 *
 * @throws VeilgateError `no-dataset`, `bad-labels`, `unknown-camera`, `interrupted`, and those of the site file and of the audit log
 */
export async function runValidate(options: ValidateOptions): Promise<0 | 1> {
  const { stdout, stderr, skipBad } = options;
  quietEngineLog();
  const site = options.site === undefined ? null : (await loadSite(options.site, options.env)).site;
  const camera = site && options.camera !== undefined ? cameraOf(site, options.camera) : null;
  const dataset = await check(options, camera?.zones ?? null);
  const { problems, items } = dataset;
  for (const problem of problems) stderr.write(`${formatDatasetProblem(problem)}\n`);
  if (problems.some(({ skippable }) => !skippable) || (problems.length > 0 && !skipBad) || items.length === 0) {
    stderr.write(refusal(dataset, skipBad));
    return 1;
  }
  const out = resolve(options.out);
  await mkdir(out, { recursive: true });
  const detector = options.detector ?? site?.vision.detector ?? DEFAULT_DETECTOR;
  const made = await measure(dataset, { camera, detector }, out, options);
  const key = site
    ? await openAuditKey(join(site.storage.dir, 'keys'), { origin: auditOrigin(site.site.name) })
    : makeRunKey();
  const report = await writeReport(out, dataset, made, key, site);
  await made.journal.remove();
  stdout.write(summarise(report, out));
  return site ? enter(site, key, report, options) : 0;
}

async function check(options: ValidateOptions, zones: ZoneSet | null): Promise<CheckedDataset> {
  const progress = new ValidateProgress(options.stderr, 'looking at');
  try {
    return await checkDataset(await openDataset(options.dataset, options.format), {
      zones,
      onProgress: (done, total) => progress.update(done / total, done, total),
    });
  } finally {
    progress.stop();
  }
}

function refusal({ problems, items, named }: CheckedDataset, skipBad: boolean): string {
  const fatal = problems.filter(({ skippable }) => !skippable).length;
  const count = `${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}; nothing was measured.`;
  if (fatal > 0) return `${count} Mend what is listed: it is about the whole dataset.\n`;
  if (items.length === 0) return `${count} Of ${named} files none can be used.\n`;
  return skipBad ? count : `${count} Mend them, or go on without these files: --skip-bad.\n`;
}

function cameraOf({ cameras }: Site, id: string): CameraConfig {
  const camera = cameras.find((candidate) => candidate.id === id);
  if (camera) return camera;
  const known = cameras.map((candidate) => candidate.id).join(', ');
  throw new VeilgateError('unknown-camera', `The site file has no camera "${id}"; it has: ${known}.`);
}

interface Measured {
  readonly findings: Findings;
  readonly journal: AnswerJournal;
  readonly run: Report['run'];
}

async function measure(
  dataset: CheckedDataset,
  { camera, detector }: { readonly camera: CameraConfig | null; readonly detector: string },
  out: string,
  { seed, version, stderr, fresh, signal }: ValidateOptions,
): Promise<Measured> {
  const startedAt = new Date();
  const zones = camera?.zones ?? null;
  const peopleRate = camera?.people.rate ?? null;
  const scratch = await mkdtemp(join(out, '.masked-'));
  await using opened = await openSubjects(dataset, { scratch, zones, peopleRate, detector });
  const { subjects, unavailable, kinds } = opened;
  const product = { name: 'veilgate', version, commit: describeCommit() } as const;
  const models = [...subjects.values()].flatMap((subject) => subject.models);
  const thresholds = [...subjects.values()].flatMap((subject) => subject.thresholds);
  const values = {
    zones: zones === null ? 'of each file' : { camera: camera?.id ?? null, set: zones },
    peopleRate,
    guard: 'withhold',
  } as unknown as Json;
  const journalPath = join(out, JOURNAL);
  if (fresh) await rm(journalPath, { force: true });
  const journal = await AnswerJournal.open(journalPath, { product, models, values } as unknown as Json);
  const progress = new ValidateProgress(stderr, 'measuring');
  try {
    const { answers, resumed } = await answerAll(dataset, subjects, journal, {
      onProgress: ({ share, files, total }) => progress.update(share, files, total),
      ...(signal ? { signal } : {}),
    });
    const config = { digest: digestOf(values), values };
    const seconds = (Date.now() - startedAt.getTime()) / 1000;
    return {
      findings: findings({ dataset, answers, kinds, product, seed, config, models, thresholds, unavailable }),
      journal,
      run: { startedAt: startedAt.toISOString(), seconds, resumed, machine: describeMachine() },
    };
  } finally {
    progress.stop();
    await rm(scratch, { recursive: true, force: true });
  }
}

async function writeReport(
  out: string,
  dataset: CheckedDataset,
  { findings: found, run }: Measured,
  key: SigningKey,
  site: Site | null,
): Promise<Report> {
  const signer: Report['signer'] = {
    key: formatVerifierKey(key),
    fingerprint: fingerprint(key),
    pinned: site ? 'site' : 'none',
    site: site?.site.name ?? null,
  };
  const unsigned = { ...found, resultDigest: resultDigest(found), run, signer };
  const html = renderHtml(unsigned, await worstCases(found, dataset));
  await writeFile(join(out, 'report.html'), html);
  const files: Record<string, string> = { 'report.html': sha256(html) };
  if (await printPdf(join(out, 'report.html'), join(out, 'report.pdf')))
    files['report.pdf'] = sha256(await readFile(join(out, 'report.pdf')));
  const report = signReport({ ...unsigned, files }, key);
  await writeFile(join(out, 'report.json'), `${JSON.stringify(report, null, 1)}\n`);
  return report;
}

const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');

/** Enters the report in the site's log, by way of the gateway where it runs. 1 where that cannot be done; the report stands. */
async function enter(
  site: Site,
  key: SigningKey,
  report: Report,
  { env, stderr }: Pick<ValidateOptions, 'env' | 'stderr'>,
): Promise<0 | 1> {
  const data = {
    report: digestOf(report as unknown as Json),
    result: report.resultDigest,
    dataset: report.dataset.digest,
    items: report.dataset.used,
    skipped: report.dataset.skipped,
  };
  const path = '/api/v1/log/validations';
  // A gateway that runs has its log to itself.
  const body = { ...data, key: formatVerifierKey(key), signature: signDigests(data, key) };
  const answer = await askGateway(site, env, { method: 'POST', path, body });
  try {
    if (answer?.status === 200) return 0;
    if (answer) throw new VeilgateError('not-entered', `The gateway refused: ${refusalOf(answer)}`);
    const log = await AuditLog.open(join(site.storage.dir, 'audit'), { key });
    try {
      await log.append({ kind: 'validation', actor: 'system', data: validationEntry(data, key, key) });
    } finally {
      await log.close();
    }
    return 0;
  } catch (error) {
    if (!(error instanceof VeilgateError)) throw error;
    stderr.write(`The report stands, but is not in the audit log: ${error.message}\n`);
    return 1;
  }
}
