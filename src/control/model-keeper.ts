import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Journal } from '../record/journal.js';
import { replaceFile } from '../replace-file.js';
import type { Logger } from '../rtsp/logger.js';

const FILE = 'models.json';

/** SHA-256 by the model's name. */
const digestsSchema = z.record(z.string(), z.string());
type Digests = z.output<typeof digestsSchema>;

export interface ModelKeeperOptions {
  readonly journal: Pick<Journal, 'record'>;
  readonly logger: Logger;
  /** Reads the cards of the models that come with the gateway. */
  readonly cards: () => Promise<{
    readonly cards: readonly { readonly name: string; readonly sha256: string }[];
    readonly problems: readonly string[];
  }>;
}

/**
 * Enters in the audit log each model that is another one than at the start before (`<storageDir>/models.json`); at the first start all
 * of them. By their cards: a model whose file is not its card's is never opened. Never rejects: what could not be recorded is tried
 * again at the next start.
 */
export const noteModels = async (storageDir: string, { journal, logger, cards }: ModelKeeperOptions): Promise<void> => {
  const path = join(storageDir, FILE);
  try {
    const [before, now] = [await readBefore(path), await digestsOf(cards)];
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

/** Throws where a card cannot be read: what is not known is not called unchanged. */
const digestsOf = async (read: ModelKeeperOptions['cards']): Promise<Digests> => {
  const { cards, problems } = await read();
  if (problems.length > 0) throw new Error(problems.join('; '));
  return Object.fromEntries(cards.map(({ name, sha256 }) => [name, sha256]));
};
