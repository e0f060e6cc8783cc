import { join } from 'node:path';
import { VeilgateError } from '../errors.js';
import type { ModelCard } from '../vision/model-card.js';
import { ObjectDetector } from '../vision/objects/detect.js';
import { PlaceClassifier } from '../vision/place/classify.js';
import { modelNames } from '../vision/read-cards.js';
import { MODELS_DIR, type Model, openModel, readCard, readModelFile } from '../vision/runtime.js';
import { pullModel, readUpstreamList } from '../vision/upstream.js';
import type { Output } from './check.js';

interface Outputs {
  readonly stdout: Output;
  readonly stderr: Output;
}

/** Where the addresses are that the program knows. */
const UPSTREAM = 'upstream.json';

const OWN_LIST = 'Models of your own: `veilgate models pull --list FILE` (docs/models.md).';

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

/** `veilgate models list`: each model's card in a few lines. @returns 1 where a card is none */
export async function runModelsList({ stdout, stderr, dir = MODELS_DIR }: Outputs & { dir?: string }): Promise<0 | 1> {
  let code: 0 | 1 = 0;
  const names = await modelNames(dir);
  if (names.length === 0) stderr.write(`There are no models in ${dir}.\n`);
  for (const name of names) {
    try {
      const { task, bytes, source, description, accuracy, limits } = await readCard(name, dir);
      const from = `${source.package} ${source.version}, ${source.licence}`;
      stdout.write(`${name}  (${task}, ${megabytes(bytes)})\n  ${description}\n  from ${from}\n`);
      for (const { measure, value, dataset, date } of accuracy)
        stdout.write(`  measured: ${measure} ${value} on ${dataset}, ${date}\n`);
      for (const limit of limits) stdout.write(`  limit: ${limit}\n`);
    } catch (error) {
      code = complain(name, error, stderr);
    }
  }
  return code;
}

/** What reads a model's answers, and throws where its card does not say how: labels that do not fit show only there. */
const READERS: Readonly<Partial<Record<ModelCard['task'], (model: Model) => unknown>>> = {
  place: (model) => new PlaceClassifier(model),
  objects: (model) => new ObjectDetector(model),
};

/** `veilgate models verify`: each file is that of its card, opens, and answers in a way that can be read. @returns 1 where one is not */
export async function runModelsVerify({
  names,
  stdout,
  stderr,
  dir = MODELS_DIR,
}: Outputs & { names: readonly string[]; dir?: string }): Promise<0 | 1> {
  let code: 0 | 1 = 0;
  const wanted = names.length > 0 ? names : await modelNames(dir);
  if (wanted.length === 0)
    code = complain('', new VeilgateError('model-missing', `There are no models in ${dir}.`), stderr);
  for (const name of wanted) {
    try {
      await using model = await openModel(name, { dir });
      READERS[model.card.task]?.(model);
      stdout.write(`${name}: ok, SHA-256 ${model.card.sha256}\n`);
    } catch (error) {
      code = complain(name, error, stderr);
    }
  }
  return code;
}

/**
 * `veilgate models pull`: fetches what is missing or damaged from addresses with pinned digests. Without a network it says so, and
 * everything stays as it is.
 *
 * @returns 1 where something could not be had
 */
export async function runModelsPull({
  names,
  list,
  stdout,
  stderr,
  dir = MODELS_DIR,
}: Outputs & { names: readonly string[]; list?: string; dir?: string }): Promise<0 | 1> {
  let code: 0 | 1 = 0;
  const upstream = await readUpstreamList(list ?? join(MODELS_DIR, UPSTREAM));
  const known = upstream.map(({ name }) => name);
  // Nothing to do is no failure, and must not look like success either.
  if (known.length === 0 && names.length === 0)
    stdout.write(`${list ?? 'This release'} names no addresses: nothing was fetched. ${OWN_LIST}\n`);
  for (const name of names.filter((each) => !known.includes(each))) {
    const message = `no address is known; there are: ${known.join(', ') || 'none'}. ${OWN_LIST}`;
    code = complain(name, new VeilgateError('model-missing', message), stderr);
  }
  for (const model of upstream.filter(({ name }) => names.length === 0 || names.includes(name))) {
    try {
      if (await isHere(model.name, model.sha256, dir)) {
        stdout.write(`${model.name}: is here already\n`);
        continue;
      }
      await pullModel(model, dir);
      stdout.write(`${model.name}: fetched, ${megabytes(model.bytes)}\n`);
    } catch (error) {
      code = complain(model.name, error, stderr);
    }
  }
  return code;
}

async function isHere(name: string, sha256: string, dir: string): Promise<boolean> {
  try {
    const card = await readCard(name, dir);
    await readModelFile(card, dir);
    return card.sha256 === sha256;
  } catch {
    return false;
  }
}

function complain(name: string, error: unknown, stderr: Output): 1 {
  if (!(error instanceof VeilgateError)) throw error;
  stderr.write(name === '' ? `${error.message}\n` : `${name}: ${error.message}\n`);
  return 1;
}
