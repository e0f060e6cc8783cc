import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { ModelCard } from './model-card.js';
import { MODELS_DIR, readCard } from './read-cards.js';
import { ModelError } from './vision-error.js';
import { findNotFinite } from './weights.js';

export { MODELS_DIR, readCard };

export interface OpenOptions {
  /** Folder with one folder per model. */
  readonly dir?: string;
  /** Within one operation. One by default: what cores there are belong to the streams. */
  readonly threads?: number;
}

/** What a model answers: its outputs by name, row-major. */
export type Outputs = Readonly<Record<string, Float32Array>>;

/**
 * A model that is ready to run: its file is the one that its card names, and takes and gives what the card says.
 *
 * Running blocks the event loop for as long as it takes, so it belongs in a process of its own.
 */
export class Model implements AsyncDisposable {
  readonly card: ModelCard;
  readonly #session: InferenceSession;

  /** Only `openModel` makes one. */
  constructor(card: ModelCard, session: InferenceSession) {
    this.card = card;
    this.#session = session;
  }

  /**
   * @param input row-major, of the card's shape
   * @param shape where the card leaves dimensions open
   * @throws ModelError `model-shape` (the input does not fit), `model-output` (the answer is no number)
   */
  async run(input: Float32Array, shape?: readonly number[]): Promise<Outputs> {
    const { name, input: expected, outputs } = this.card;
    const dimensions = shape ?? expected.shape.map((size) => size ?? 1);
    let answer: InferenceSession.ReturnType;
    try {
      answer = await this.#session.run({ [expected.name]: new Tensor('float32', input, dimensions) });
    } catch (error) {
      throw new ModelError('model-shape', `Model ${name} refused its input [${dimensions}]: ${reasonOf(error)}`, {
        cause: error,
      });
    }
    const result: Record<string, Float32Array> = {};
    for (const output of outputs) {
      const values = answer[output.name]!.data as Float32Array;
      if (!Number.isFinite(sumOf(values)))
        throw new ModelError('model-output', `Model ${name} answered with what is no number in "${output.name}".`);
      result[output.name] = values;
    }
    return result;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session.release();
  }
}

/** Where a model's files are: beside its card, or in the package that carries them. @throws ModelError `model-missing` */
export function folderOf(card: ModelCard, dir = MODELS_DIR): string {
  if (card.beside === undefined) return join(dir, card.name);
  try {
    return dirname(createRequire(import.meta.url).resolve(card.beside));
  } catch (error) {
    const { package: name, version } = card.source;
    throw new ModelError('model-missing', `Model ${card.name} is in ${name} ${version}, which is not installed.`, {
      cause: error,
    });
  }
}

/** Reads a model's file and compares it with its card. @throws ModelError `model-missing`, `model-hash` */
export async function readModelFile(card: ModelCard, dir = MODELS_DIR): Promise<Uint8Array> {
  const path = join(folderOf(card, dir), card.file);
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw new ModelError(
      'model-missing',
      `${path} cannot be read. Install Veilgate again, or fetch the file from an address of your own (\`veilgate models pull --list\`).`,
      { cause: error },
    );
  }
  const digest = createHash('sha256').update(bytes).digest('hex');
  if (digest === card.sha256) return bytes;
  const size = bytes.length === card.bytes ? '' : ` It has ${bytes.length} bytes instead of ${card.bytes}.`;
  throw new ModelError('model-hash', `${path} is not the file of its card: its SHA-256 is ${digest}.${size}`);
}

/**
 * Opens a model by name.
 *
 * @throws ModelError whose code and sentence say what is wrong: no such model, a card that is none, a file that is another one, is cut
 * short, takes or gives other shapes, or has weights that are no numbers
 */
export async function openModel(name: string, { dir = MODELS_DIR, threads = 1 }: OpenOptions = {}): Promise<Model> {
  const card = await readCard(name, dir);
  const bytes = await readModelFile(card, dir);
  const notFinite = findNotFinite(bytes);
  if (notFinite !== null)
    throw new ModelError('model-weights', `Model ${name} is damaged: its tensor "${notFinite}" holds NaN or infinity.`);
  let session: InferenceSession;
  try {
    session = await InferenceSession.create(bytes, {
      executionProviders: ['cpu'],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      graphOptimizationLevel: 'all',
      // Fatal only: what is wrong is told by the error.
      logSeverityLevel: 4,
      // A waiting thread that spins takes a core from a stream.
      extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
    });
  } catch (error) {
    throw new ModelError('model-unreadable', `Model ${name} cannot be read by the runtime: ${reasonOf(error)}`, {
      cause: error,
    });
  }
  try {
    compareShapes(card, session);
  } catch (error) {
    await session.release();
    throw error;
  }
  return new Model(card, session);
}

function compareShapes(card: ModelCard, session: InferenceSession): void {
  const check = (
    what: string,
    declared: readonly { name: string; shape: readonly (number | null)[] }[],
    found: readonly InferenceSession.ValueMetadata[],
  ): void => {
    for (const { name, shape } of declared) {
      const value = found.find((each) => each.name === name);
      if (!value?.isTensor)
        throw new ModelError('model-shape', `Model ${card.name} has no ${what} "${name}", which its card names.`);
      const real = value.shape.map((size) => (typeof size === 'number' && size >= 0 ? size : null));
      const fits = real.length === shape.length && real.every((size, i) => size === null || size === shape[i]);
      if (fits && value.type === 'float32') continue;
      const show = (sizes: readonly (number | null)[]): string => `[${sizes.map((size) => size ?? '?').join(', ')}]`;
      throw new ModelError(
        'model-shape',
        `Model ${card.name} has ${what} "${name}" of ${value.type} ${show(real)}; its card says float32 ${show(shape)}.`,
      );
    }
  };
  check('input', [card.input], session.inputMetadata);
  check('output', card.outputs, session.outputMetadata);
  const others = session.inputNames.filter((name) => name !== card.input.name);
  if (others.length > 0)
    throw new ModelError('model-shape', `Model ${card.name} asks for inputs that its card does not name: ${others}.`);
}

/** NaN and infinity survive every addition: a check of 400,000 values in 0.4 ms. */
function sumOf(values: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum;
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
