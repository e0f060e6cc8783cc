import { CsvError, parse } from 'csv-parse/sync';
import { type DatasetProblem, type Imported, type Item, kindOf } from './item.js';
import { itemOf } from './manifest-item.js';
import { manifestItemSchema } from './manifest-schema.js';

/** Columns besides `tag:NAME`. */
const COLUMNS = ['file', 'from', 'to', 'place', 'view', 'people', 'sign', 'mask', 'width', 'height'] as const;

interface Row {
  readonly record: Readonly<Record<string, string>>;
  readonly info: { readonly lines: number };
}

/**
 * A manifest as a table: one line a file, or several for a clip, each with what holds from `from` to `to` (seconds). `mask` holds a
 * polygon as `x,y x,y x,y`; `view` and `people` may be `none`: said, and never so. Tags of a file are taken from its first line.
 */
export function readCsvManifest(text: string, path: string): Imported {
  const problems: DatasetProblem[] = [];
  const note = (line: number | null, code: string, message: string, skippable: boolean): void =>
    void problems.push({ path, line, code, message, skippable });
  let rows: Row[];
  try {
    rows = parse(text, { bom: true, columns: true, info: true, skip_empty_lines: true, trim: true }) as Row[];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    note(Number(error.lines) || null, 'bad-csv', error.message, false);
    return { name: path, items: [], labels: {}, problems };
  }
  const columns = Object.keys(rows[0]?.record ?? {});
  const unknown = columns.filter((name) => !(COLUMNS as readonly string[]).includes(name) && !name.startsWith('tag:'));
  if (!columns.includes('file')) note(1, 'bad-csv', 'the first line must name a column "file"', false);
  if (unknown.length > 0)
    note(1, 'bad-csv', `unknown columns ${unknown.join(', ')}; known are ${COLUMNS.join(', ')} and tag:NAME`, false);
  if (problems.length > 0) return { name: path, items: [], labels: {}, problems };
  const items: Item[] = [];
  for (const [file, own] of byFile(rows)) {
    const line = own[0]!.info.lines;
    const said = manifestItemSchema.safeParse(merge(file, own));
    if (!said.success)
      for (const { path: where, message } of said.error.issues)
        note(line, 'bad-manifest', `${file}: ${where.join('.')}: ${message}`, true);
    else if (kindOf(file) === null) note(line, 'unknown-format', `${file} is neither a picture nor a clip`, true);
    else items.push(itemOf(said.data));
  }
  if (items.length === 0 && problems.length === 0) note(null, 'empty', 'the manifest names no file', false);
  return { name: path, items, labels: {}, problems };
}

function byFile(rows: readonly Row[]): Map<string, Row[]> {
  const files = new Map<string, Row[]>();
  for (const row of rows) {
    const file = row.record.file ?? '';
    files.set(file, [...(files.get(file) ?? []), row]);
  }
  return files;
}

/** The lines of one file as the YAML manifest would say it. */
function merge(file: string, rows: readonly Row[]): Record<string, unknown> {
  const first = rows[0]!.record;
  const spans = (column: string, key: string): Record<string, unknown>[] =>
    rows
      .filter(({ record }) => record[column] && record[column] !== 'none')
      .map(({ record }) => ({ ...spanOf(record), [key]: record[column] }));
  const isSaid = (column: string): boolean => rows.some(({ record }) => record[column]);
  const tags = Object.entries(first).filter(([name, value]) => name.startsWith('tag:') && value);
  return {
    file,
    tags: Object.fromEntries(tags.map(([name, value]) => [name.slice('tag:'.length), value])),
    ...(first.width && first.height ? { size: [Number(first.width), Number(first.height)] } : {}),
    ...(isSaid('place') ? { place: spans('place', 'label') } : {}),
    ...(isSaid('view') ? { view: spans('view', 'state') } : {}),
    ...(isSaid('people') ? { people: spans('people', 'zone') } : {}),
    ...(isSaid('sign') ? { sign: spans('sign', 'state') } : {}),
    masks: spans('mask', 'polygon').map((mask) => ({ ...mask, polygon: points(String(mask.polygon)) })),
  };
}

const spanOf = ({ from, to }: Readonly<Record<string, string>>): Record<string, number> => ({
  ...(from ? { from: Number(from) } : {}),
  ...(to ? { to: Number(to) } : {}),
});

/** `x,y x,y x,y`, also with semicolons between the points. */
const points = (text: string): number[][] =>
  text
    .split(/[\s;]+/)
    .filter(Boolean)
    .map((point) => point.split(',').map(Number));
