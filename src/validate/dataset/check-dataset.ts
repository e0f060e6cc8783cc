import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import sharp from 'sharp';
import { inspectClip } from '../../camera/clip.js';
import { canonicalJson, type Json } from '../../record/log/canonical-json.js';
import type { ZoneSet } from '../../zones/zone.js';
import type { DatasetProblem, Item, OwnLabels, Timed } from './item.js';
import type { OpenedDataset } from './open-dataset.js';
import { sideOf } from './place-label.js';

/** Fewer pixels than this on a side tell nobody anything. */
const LEAST_SIDE = 16;

/** More pixels than 100 million are a mistake or an attack. */
const MOST_PIXELS = 100_000_000;

/** Files that are looked at at the same time: reading waits for the disk, decoding for a core. */
const AT_ONCE = 2;

/** A span may end so much after its clip, s: durations are rounded. */
const END_TOLERANCE_S = 1;

/** A file that can be used. */
export interface CheckedItem extends Item {
  readonly sha256: string;
  readonly bytes: number;
  /** As displayed. */
  readonly width: number;
  readonly height: number;
  /** Of a clip; 0 of a still picture. */
  readonly seconds: number;
}

export interface CheckedDataset {
  readonly name: string;
  readonly root: string;
  readonly format: OpenedDataset['format'];
  readonly labels: OwnLabels;
  /** Sorted by path. */
  readonly items: readonly CheckedItem[];
  readonly problems: readonly DatasetProblem[];
  /** SHA-256 over what every usable file holds and what is said of it. */
  readonly digest: string;
  /** Files that were named, usable or not. */
  readonly named: number;
}

export interface CheckOptions {
  /** Of the camera that was named: they stand in where a file brings none. */
  readonly zones?: ZoneSet | null;
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Looks at every file of a dataset before anything is measured: that it is there, can be decoded to its end, has the size and length that
 * it is said to have, and bears labels that somebody knows. Holds one file in memory at a time for each of `AT_ONCE`.
 */
export async function checkDataset(
  opened: OpenedDataset,
  { zones = null, onProgress }: CheckOptions = {},
): Promise<CheckedDataset> {
  const { name, root, format, labels } = opened;
  const problems = [...opened.problems];
  const items: CheckedItem[] = [];
  const seen = new Set<string>();
  let done = 0;
  await eachOf(opened.items, AT_ONCE, async (item) => {
    const found: DatasetProblem[] = [];
    const note = (code: string, message: string): void =>
      void found.push({ path: item.file, line: null, code, message, skippable: true });
    if (seen.has(item.file)) note('twice', 'is named more than once');
    seen.add(item.file);
    checkWords(item, labels, zones, note);
    const path = pathOf(root, item.file);
    const checked = path === null ? null : await checkFile(item, path, note);
    if (path === null) note('outside', 'lies outside of the dataset');
    if (checked && found.length === 0) items.push(checked);
    problems.push(...found);
    onProgress?.(++done, opened.items.length);
  });
  items.sort((a, b) => (a.file < b.file ? -1 : 1));
  const usable = withoutContradictions(items, labels, problems);
  problems.sort(byPlace);
  const bad = new Set(problems.map(({ path }) => path));
  const named = opened.items.length + [...bad].filter((path) => !seen.has(path)).length;
  return { name, root, format, labels, items: usable, problems, digest: digestOf(usable, labels), named };
}

/** Files are looked at side by side: the order in which they were must not show. */
const byPlace = (a: DatasetProblem, b: DatasetProblem): number =>
  compare(a.path, b.path) || (a.line ?? 0) - (b.line ?? 0) || compare(a.code, b.code);
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Where a file lies; null where it would be outside of the dataset. */
export function pathOf(root: string, file: string): string | null {
  const path = resolve(root, file);
  return path.startsWith(root + sep) ? path : null;
}

function checkWords(
  item: Item,
  labels: OwnLabels,
  zones: ZoneSet | null,
  note: (code: string, message: string) => void,
): void {
  for (const { value } of item.place)
    if (sideOf(value, labels) === null)
      note(
        'unknown-label',
        `nobody knows whether "${value}" is prohibited: say so under labels (manifest) or in labels.yaml, e.g. "${value}: allowed"`,
      );
  const spans: readonly Timed<unknown>[] = [
    ...item.place,
    ...(item.view ?? []),
    ...(item.people ?? []),
    ...item.sign,
    ...item.masks,
  ];
  for (const { from, to } of spans)
    if (to !== null && to <= from) note('bad-span', `a span from ${from} s to ${to} s has no length`);
  if (item.kind === 'still' && (item.view !== null || item.people !== null))
    note('still-picture', 'a still picture cannot show that a camera was moved or that somebody entered');
  const reporting = (item.zones ?? zones ?? []).filter(({ onPerson }) => onPerson === 'alert').map(({ id }) => id);
  for (const zone of new Set(item.people?.map(({ value }) => value) ?? []))
    if (!reporting.includes(zone))
      note(
        'unknown-zone',
        `people enter zone "${zone}", and ${reporting.length > 0 ? `zones with "onPerson: alert" are ${reporting.join(', ')}` : 'no zone has "onPerson: alert"'}: name it under zones, or --site and --camera that have it`,
      );
}

async function checkFile(
  item: Item,
  path: string,
  note: (code: string, message: string) => void,
): Promise<CheckedItem | null> {
  const info = await stat(path).catch(() => null);
  if (!info) return refuse('missing-file', 'cannot be found or read');
  if (!info.isFile()) return refuse('missing-file', 'is no file');
  if (info.size === 0) return refuse('empty-file', 'is empty');
  const shape = item.kind === 'still' ? await lookAtStill(path, note) : await lookAtClip(item, path, note);
  if (!shape) return null;
  const { width, height, seconds } = shape;
  if (item.size && (item.size.width !== width || item.size.height !== height))
    note('wrong-size', `is ${width}x${height}, and said to be ${item.size.width}x${item.size.height}`);
  if (width < LEAST_SIDE || height < LEAST_SIDE)
    note('wrong-size', `is ${width}x${height}: at least ${LEAST_SIDE} pixels on each side are needed`);
  return { ...item, sha256: await hashFile(path), bytes: info.size, width, height, seconds };

  function refuse(code: string, message: string): null {
    note(code, message);
    return null;
  }
}

interface Shape {
  readonly width: number;
  readonly height: number;
  readonly seconds: number;
}

/** Decodes all of it, small: a picture cut short or damaged does not come through. */
async function lookAtStill(path: string, note: (code: string, message: string) => void): Promise<Shape | null> {
  try {
    const picture = sharp(path, { failOn: 'warning', limitInputPixels: MOST_PIXELS });
    const { width, height, autoOrient } = await picture.metadata();
    await picture.resize(32, 32, { fit: 'fill', fastShrinkOnLoad: false }).raw().toBuffer();
    return { width: autoOrient.width ?? width, height: autoOrient.height ?? height, seconds: 0 };
  } catch (error) {
    note('broken-picture', `cannot be decoded: ${(error as Error).message.split('\n')[0]}`);
    return null;
  }
}

/** Reads all its packets, and decodes the first picture. */
async function lookAtClip(
  item: Item,
  path: string,
  note: (code: string, message: string) => void,
): Promise<Shape | null> {
  try {
    const { width, height, seconds, pictures } = await inspectClip(path);
    if (pictures < 2 || seconds <= 0)
      note('zero-length', `holds ${pictures} pictures in ${seconds.toFixed(1)} s: no clip`);
    const spans: readonly Timed<unknown>[] = [
      ...item.place,
      ...(item.view ?? []),
      ...(item.people ?? []),
      ...item.sign,
      ...item.masks,
    ];
    for (const { from, to } of spans)
      if (from >= seconds || (to ?? 0) > seconds + END_TOLERANCE_S)
        note('bad-span', `a span from ${from} s to ${to ?? 'the end'} lies beyond its ${seconds.toFixed(1)} s`);
    for (const { frame } of item.objects ?? [])
      if (frame !== null && frame >= pictures) {
        note('bad-span', `frame ${frame} is annotated, and it has ${pictures}`);
        break;
      }
    return { width, height, seconds };
  } catch (error) {
    note('broken-clip', `cannot be read: ${(error as Error).message.split('\n')[0]}`);
    return null;
  }
}

async function hashFile(path: string): Promise<string> {
  await using file = await open(path);
  const hash = createHash('sha256');
  for await (const chunk of createReadStream('', { fd: file.fd, autoClose: false })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** One picture under labels that say the opposite of each other proves nothing: both go. */
function withoutContradictions(
  items: readonly CheckedItem[],
  labels: OwnLabels,
  problems: DatasetProblem[],
): CheckedItem[] {
  const byContent = new Map<string, CheckedItem[]>();
  for (const item of items) byContent.set(item.sha256, [...(byContent.get(item.sha256) ?? []), item]);
  const bad = new Set<CheckedItem>();
  for (const same of byContent.values()) {
    const sides = new Set(same.flatMap(({ place }) => place.map(({ value }) => sideOf(value, labels))));
    if (same.length < 2 || sides.size < 2 || same.some(({ kind }) => kind === 'clip')) continue;
    for (const item of same) {
      bad.add(item);
      const others = same.filter((other) => other !== item).map(({ file }) => file);
      const message = `is the same picture as ${others.join(', ')}, which has another label`;
      problems.push({ path: item.file, line: null, code: 'contradiction', message, skippable: true });
    }
  }
  return items.filter((item) => !bad.has(item));
}

const digestOf = (items: readonly CheckedItem[], labels: OwnLabels): string => {
  const hash = createHash('sha256').update(canonicalJson(labels));
  for (const item of items) hash.update(canonicalJson(item as unknown as Json));
  return hash.digest('hex');
};

/** Runs `work` on each, so many at a time. */
async function eachOf<T>(items: readonly T[], atOnce: number, work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const item of queue) await work(item);
    }),
  );
}

export const absolutePath = (root: string, { file }: Pick<Item, 'file'>): string => join(root, file);
