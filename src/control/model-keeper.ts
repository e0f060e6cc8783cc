import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Journal } from '../record/journal.js';
import { replaceFile } from '../replace-file.js';
import type { Logger } from '../rtsp/logger.js';

const MODELS = fileURLToPath(new URL('../../models/', import.meta.url));
const FILE = 'models.json';

/** What of a model's card matters here: the vision process checks all of it. */
const cardSchema = z.object({ name: z.string(), sha256: z.string() });

/** SHA-256 by the model's name. */
const digestsSchema = z.record(z.string(), z.string());
type Digests = z.output<typeof digestsSchema>;

export interface ModelKeeperOptions {
  readonly journal: Pick<Journal, 'record'>;
  readonly logger: Logger;
  /** Folder of the models, each with its card; default: those that come with the gateway. */
  readonly models?: string;
}

/**
 * Enters in the audit log each model that is another one than at the start before (`<storageDir>/models.json`); at the first start all
 * of them. By their cards: a model whose file is not its card's is never opened. Never rejects: what could not be recorded is tried
 * again at the next start.
 */
export const noteModels = async (
  storageDir: string,
  { journal, logger, models = MODELS }: ModelKeeperOptions,
): Promise<void> => {
  const path = join(storageDir, FILE);
  try {
    const [before, now] = [await readBefore(path), await digestsOf(models)];
    const changed = Object.entries(now).filter(([model, to]) => before[model] !== to);
    if (changed.length === 0) return;
    for (const [model, to] of changed) {
      const data = { model, from: before[model] ?? null, to };
      await journal.record({ kind: 'model-change', actor: 'system', data });
    }
    await mkdir(storageDir, { recursive: true, mode: 0o700 });
    await replaceFile(path, `${JSON.stringify(now, null, 1)}\n`);
  } catch (error) {
    logger.warn({ error: String(error) }, 'which models look at pictures could not be recorded');
  }
};

/** Empty where nothing can be read: everything is entered anew then. */
const readBefore = async (path: string): Promise<Digests> => {
  try {
    return digestsSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return {};
  }
};

const digestsOf = async (folder: string): Promise<Digests> => {
  const digests: Digests = {};
  for (const name of (await readdir(folder)).sort()) {
    const text = await readFile(join(folder, name, 'card.json'), 'utf8').catch(() => null);
    if (text === null) continue;
    const card = cardSchema.parse(JSON.parse(text));
    digests[card.name] = card.sha256;
  }
  return digests;
};
