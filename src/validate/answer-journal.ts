import { createHash } from 'node:crypto';
import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { canonicalJson, type Json } from '../record/log/canonical-json.js';
import type { CheckedItem } from './dataset/check-dataset.js';
import type { Answer } from './subjects/answer.js';

/**
 * Answers that are there already, line by line in a file, so that a run that was interrupted goes on where it was. What was answered by
 * another version, with other models or another configuration, is not taken.
 */
export class AnswerJournal {
  readonly #path: string;
  readonly #known: ReadonlyMap<string, Answer>;

  private constructor(path: string, known: ReadonlyMap<string, Answer>) {
    this.#path = path;
    this.#known = known;
  }

  /** @param run what answers depend on besides the file: versions, models, configuration */
  static async open(path: string, run: Json): Promise<AnswerJournal> {
    const head = canonicalJson({ run });
    const lines = (await readFile(path, 'utf8').catch(() => '')).split('\n');
    if (lines[0] === head) return new AnswerJournal(path, new Map(lines.slice(1).flatMap(parseLine)));
    await writeFile(path, `${head}\n`, { mode: 0o600 });
    return new AnswerJournal(path, new Map());
  }

  /** What was answered before of this very file, under these very labels; null: nothing. */
  find(item: CheckedItem): Answer | null {
    return this.#known.get(keyOf(item)) ?? null;
  }

  async add(item: CheckedItem, answer: Answer): Promise<void> {
    await appendFile(this.#path, `${JSON.stringify([keyOf(item), answer])}\n`);
  }

  /** After the report is written. */
  async remove(): Promise<void> {
    await rm(this.#path, { force: true });
  }
}

const keyOf = (item: CheckedItem): string =>
  createHash('sha256')
    .update(canonicalJson(item as unknown as Json))
    .digest('hex');

/** A line that was cut off when the run was interrupted counts for nothing. */
function parseLine(line: string): [string, Answer][] {
  try {
    const [key, answer] = JSON.parse(line) as [string, Answer];
    return [[key, answer]];
  } catch {
    return [];
  }
}
