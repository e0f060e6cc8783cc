import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type ModelCard, modelCard } from './model-card.js';
import { readCard } from './runtime.js';
import { ModelError } from './vision-error.js';

/** One file that can be fetched: its digest is pinned, wherever it comes from. */
const upstreamModel = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/),
  url: z.url({ protocol: /^https?$/ }),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.int().positive(),
  /** Of a model that the program does not carry a card of. */
  card: modelCard.optional(),
});
export type UpstreamModel = z.infer<typeof upstreamModel>;

const upstreamList = z.array(upstreamModel);

/** An upstream that sends nothing for so long, ms, is given up. */
const PATIENCE_MS = 30_000;

/** Reads a list of addresses. @throws ModelError `model-missing`, `model-card` */
export async function readUpstreamList(path: string): Promise<UpstreamModel[]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new ModelError('model-missing', `The list of addresses ${path} cannot be read.`, { cause: error });
  }
  try {
    return upstreamList.parse(JSON.parse(text));
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    throw new ModelError('model-card', `${path} is no list of addresses: ${why}`, { cause: error });
  }
}

/**
 * Fetches one model into `<dir>/<name>/`. It appears whole and with the pinned digest, or not at all; what was there stays otherwise.
 *
 * @throws ModelError `model-fetch` (no network, refused, cut short, too long), `model-hash` (another file), `model-missing` (no card),
 * `model-card` (a card of another file: it could not be opened afterwards)
 */
export async function pullModel(upstream: UpstreamModel, dir: string, patienceMs = PATIENCE_MS): Promise<void> {
  const card = await cardFor(upstream, dir);
  const bytes = await fetchBytes(upstream, patienceMs);
  const digest = createHash('sha256').update(bytes).digest('hex');
  if (digest !== upstream.sha256)
    throw new ModelError(
      'model-hash',
      `${upstream.url} gave another file than the pinned one (SHA-256 ${digest}); it was thrown away.`,
    );
  const folder = join(dir, upstream.name);
  const file = join(folder, card.file);
  const part = `${file}.part`;
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(part, bytes);
    await rename(part, file);
    if (upstream.card) await writeFile(join(folder, 'card.json'), `${JSON.stringify(upstream.card, null, 2)}\n`);
  } catch (error) {
    await rm(part, { force: true });
    throw new ModelError('model-fetch', `${file} cannot be written: ${String(error)}`, { cause: error });
  }
}

/** The card that the file will be opened by: the list's, or the one that is here. */
async function cardFor({ name, sha256, card: listed }: UpstreamModel, dir: string): Promise<ModelCard> {
  const card = listed ?? (await readCard(name, dir));
  if (card.name === name && card.sha256 === sha256) return card;
  throw new ModelError(
    'model-card',
    `The list pins SHA-256 ${sha256} for ${name}, and its card is of ${card.name}, ${card.sha256}: nothing was fetched.`,
  );
}

/** No more than what was pinned is ever taken in. */
async function fetchBytes({ url, bytes }: UpstreamModel, patienceMs: number): Promise<Uint8Array> {
  const refuse = (why: string, cause?: unknown): ModelError =>
    new ModelError('model-fetch', `${url}: ${why}`, { cause });
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), patienceMs);
  try {
    const response = await fetch(url, { signal: silence.signal });
    if (!response.ok) throw refuse(`the server answered ${response.status}`);
    const whole = new Uint8Array(bytes);
    let at = 0;
    for await (const piece of response.body as unknown as AsyncIterable<Uint8Array>) {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), patienceMs);
      if (at + piece.length > bytes) throw refuse(`there is more than the ${bytes} bytes that were pinned`);
      whole.set(piece, at);
      at += piece.length;
    }
    if (at < bytes) throw refuse(`it ended after ${at} of ${bytes} bytes`);
    return whole;
  } catch (error) {
    if (error instanceof ModelError) throw error;
    const reason = silence.signal.aborted ? `nothing came for ${patienceMs / 1000} s` : reasonOf(error);
    throw refuse(`it cannot be fetched (${reason}); what is here goes on as it is`, error);
  } finally {
    clearTimeout(timer);
    silence.abort();
  }
}

/** `fetch` hides what happened in the cause. */
function reasonOf(error: unknown): string {
  const { cause, message } = error as Error;
  return cause instanceof Error ? cause.message || (cause as NodeJS.ErrnoException).code || message : message;
}
