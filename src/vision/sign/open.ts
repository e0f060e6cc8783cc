import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { ModelCard } from '../model-card.js';
import { folderOf, type OpenOptions, openModel } from '../runtime.js';
import { ModelError } from '../vision-error.js';
import { SignReader } from './read.js';

/** What the recogniser's card says beyond every model's. */
const readerParameters = z.object({ alphabet: z.string(), alphabetSha256: z.string() });

/** A reader and what it runs on. */
export interface OpenReader extends AsyncDisposable {
  readonly reader: SignReader;
}

/** Opens the models that signs are read with. @throws ModelError */
export async function openSignReader(options: OpenOptions = {}): Promise<OpenReader> {
  const detector = await openModel('text-lines', options);
  try {
    const recogniser = await openModel('text-reader', options);
    const alphabet = await readAlphabet(recogniser.card, options.dir).catch(async (error) => {
      await recogniser[Symbol.asyncDispose]();
      throw error;
    });
    return {
      reader: new SignReader(detector, recogniser, alphabet),
      async [Symbol.asyncDispose]() {
        await Promise.all([detector[Symbol.asyncDispose](), recogniser[Symbol.asyncDispose]()]);
      },
    };
  } catch (error) {
    await detector[Symbol.asyncDispose]();
    throw error;
  }
}

async function readAlphabet(card: ModelCard, dir?: string): Promise<string[]> {
  const { alphabet, alphabetSha256 } = readerParameters.parse(card.parameters);
  const path = join(folderOf(card, dir), alphabet);
  const text = await readFile(path);
  if (createHash('sha256').update(text).digest('hex') !== alphabetSha256)
    throw new ModelError('model-labels', `${path} is not the alphabet that the card of "${card.name}" names.`);
  return text.toString('utf8').trimEnd().split('\n');
}
