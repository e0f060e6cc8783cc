/** Reads what models are, without opening them: nothing of the runtime is loaded. */
import { access, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ModelCard, modelCard } from './model-card.js';
import { ModelError } from './vision-error.js';

/** Where the models are that come with the program: one folder each. */
export const MODELS_DIR = fileURLToPath(new URL('../../models/', import.meta.url));

/** Folders with a card. */
export async function modelNames(dir = MODELS_DIR): Promise<string[]> {
  const names = await readdir(dir).catch(() => []);
  const carded = await Promise.all(
    names.map((name) =>
      access(join(dir, name, 'card.json')).then(
        () => name,
        () => null,
      ),
    ),
  );
  return carded.filter((name) => name !== null).sort();
}

/** All cards, and what is wrong with those that are none. */
export async function readCards(
  dir = MODELS_DIR,
): Promise<{ readonly cards: readonly ModelCard[]; readonly problems: readonly string[] }> {
  const cards: ModelCard[] = [];
  const problems: string[] = [];
  for (const name of await modelNames(dir)) {
    const read = await readCard(name, dir).catch((error: unknown) => String((error as Error).message));
    if (typeof read === 'string') problems.push(read);
    else cards.push(read);
  }
  return { cards, problems };
}

/**
 * The card of a model that finds objects.
 *
 * @throws ModelError `model-missing` (the message names those there are), `model-card`, `model-labels` (a model for something else)
 */
export async function readDetectorCard(name: string, dir = MODELS_DIR): Promise<ModelCard> {
  const card = await readCard(name, dir).catch((error: ModelError) => {
    if (error.code !== 'model-missing') throw error;
    return null;
  });
  if (card?.task === 'objects') return card;
  const { cards } = await readCards(dir);
  const detectors = cards.filter(({ task }) => task === 'objects').map((each) => each.name);
  const others = `For objects there are: ${detectors.join(', ') || 'none'}.`;
  if (!card) throw new ModelError('model-missing', `There is no model "${name}". ${others}`);
  throw new ModelError('model-labels', `Model "${name}" is no detector: it is for "${card.task}". ${others}`);
}

/** Reads `<dir>/<name>/card.json`. @throws ModelError `model-missing`, `model-card` */
export async function readCard(name: string, dir = MODELS_DIR): Promise<ModelCard> {
  const path = join(dir, name, 'card.json');
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new ModelError('model-missing', `There is no model "${name}": ${path} cannot be read.`, { cause: error });
  }
  return parseCard(text, path);
}

function parseCard(text: string, path: string): ModelCard {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ModelError('model-card', `${path} is not JSON: ${(error as Error).message}`, { cause: error });
  }
  const parsed = modelCard.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ModelError('model-card', `${path}: ${issue!.path.join('.') || 'the card'}: ${issue!.message}`);
}
