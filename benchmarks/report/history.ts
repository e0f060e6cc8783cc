import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Measure } from '../benchmark.js';
import type { Machine } from '../measuring/machine.js';

/** What one benchmark came to in one run. */
export interface BenchRecord {
  readonly name: string;
  readonly question: string;
  readonly measures: readonly Measure[];
  readonly notes: readonly string[];
  /** Plots by file name. */
  readonly plots: readonly { readonly name: string; readonly title: string }[];
  readonly startedAt: string;
  readonly seconds: number;
  readonly machine: Machine;
  readonly commit: string;
}

/** One file of the history: what was measured of one commit on one day. */
export interface HistoryFile {
  readonly records: readonly BenchRecord[];
}

export const HISTORY = fileURLToPath(new URL('../history/', import.meta.url));

/** Oldest first: names begin with the date. */
export const historyFiles = (folder = HISTORY): string[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith('.json'))
        .sort()
        .map((name) => join(folder, name))
    : [];

export const readHistory = (path: string): HistoryFile => JSON.parse(readFileSync(path, 'utf8')) as HistoryFile;

/** Adds records to the file of their day and commit; a benchmark that was run again replaces what it said before. */
export const keep = (records: readonly BenchRecord[], folder = HISTORY): string => {
  const { startedAt, commit } = records[0]!;
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${startedAt.slice(0, 10)}-${commit.replace('+', '-edited')}.json`);
  const before = existsSync(path) ? readHistory(path).records : [];
  const others = before.filter(({ name }) => !records.some((record) => record.name === name));
  writeFileSync(path, `${JSON.stringify({ records: [...others, ...records] }, null, 1)}\n`);
  return path;
};

/** Of each benchmark the record that was made last. */
export const latestRecords = (folder = HISTORY): Map<string, BenchRecord> => {
  const latest = new Map<string, BenchRecord>();
  for (const record of historyFiles(folder).flatMap((path) => readHistory(path).records)) {
    const known = latest.get(record.name);
    if (!known || known.startedAt <= record.startedAt) latest.set(record.name, record);
  }
  return latest;
};
