import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { VeilgateError } from '../../errors.js';
import { readCoco } from './coco.js';
import { readCvat } from './cvat.js';
import { importFolders } from './folders.js';
import type { Imported, OwnLabels } from './item.js';
import { readCsvManifest } from './read-csv.js';
import { readYamlManifest } from './read-yaml.js';

export const DATASET_FORMATS = ['manifest', 'folders', 'coco', 'cvat'] as const;
export type DatasetFormat = (typeof DATASET_FORMATS)[number];

/** A dataset as it was described; none of its files was looked at yet. */
export interface OpenedDataset extends Imported {
  /** Absolute; what items' paths lie below. */
  readonly root: string;
  readonly format: DatasetFormat;
}

/** What each format's description is called, best first. */
const NAMES: Record<Exclude<DatasetFormat, 'folders'>, RegExp> = {
  manifest: /^manifest\.(ya?ml|csv)$/i,
  coco: /\.json$/i,
  cvat: /\.xml$/i,
};

const ownLabelsSchema = z.record(z.string(), z.enum(['prohibited', 'allowed', 'ambiguous']));

/** A folder's words of its own, beside its class folders. */
const LABELS = /^labels\.ya?ml$/i;

/**
 * Opens a dataset: a folder, or the file that describes it. Without a format it is told by what is there: a manifest, COCO's JSON, CVAT's
 * XML, else folders.
 *
 * @throws VeilgateError `no-dataset` where there is nothing of the kind
 */
export async function openDataset(path: string, wanted?: DatasetFormat): Promise<OpenedDataset> {
  const info = await stat(path).catch(() => null);
  if (!info) throw new VeilgateError('no-dataset', `${path} cannot be found or read.`);
  const root = resolve(info.isDirectory() ? path : dirname(path));
  const names = info.isDirectory() ? (await readdir(root)).sort() : [basename(path)];
  const described = (Object.keys(NAMES) as (keyof typeof NAMES)[])
    .filter((format) => wanted === undefined || wanted === format)
    .flatMap((format) => names.filter((name) => isDescription(name, format)).map((name) => ({ format, name })))[0];
  const labels = await readLabels(root, names);
  if (described) {
    const { format, name } = described;
    const imported = readAs(await readFile(join(root, name), 'utf8'), format, name);
    return { ...imported, labels: { ...labels, ...imported.labels }, root, format };
  }
  if (info.isDirectory() && (wanted === undefined || wanted === 'folders'))
    return { ...(await importFolders(root)), labels, root, format: 'folders' };
  throw new VeilgateError(
    'no-dataset',
    `${path} is no dataset${wanted ? ` of the format ${wanted}` : ''}: expected a folder with manifest.yaml or manifest.csv, COCO's .json, CVAT's .xml, or one folder a class.`,
  );
}

const isDescription = (name: string, format: keyof typeof NAMES): boolean =>
  NAMES[format].test(name) || (format === 'manifest' && /^[^.].*\.(ya?ml|csv)$/i.test(name) && !LABELS.test(name));

function readAs(text: string, format: keyof typeof NAMES, name: string): Imported {
  switch (format) {
    case 'manifest':
      return /\.csv$/i.test(name) ? readCsvManifest(text, name) : readYamlManifest(text, name);
    case 'coco':
      return readCoco(text, name);
    case 'cvat':
      return readCvat(text, name);
  }
}

async function readLabels(root: string, names: readonly string[]): Promise<OwnLabels> {
  const name = names.find((candidate) => LABELS.test(candidate));
  if (!name) return {};
  const parsed = ownLabelsSchema.safeParse(parse(await readFile(join(root, name), 'utf8')));
  if (parsed.success) return parsed.data;
  throw new VeilgateError(
    'bad-labels',
    `${join(root, name)} must say for each label whether it is prohibited, allowed or ambiguous, e.g. "hotel-room: prohibited".`,
  );
}
