import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { z } from 'zod';
import type { Size } from '../../zones/zone.js';
import {
  always,
  type Box,
  bareItem,
  type DatasetProblem,
  type Imported,
  type Item,
  kindOf,
  type ObjectTruth,
} from './item.js';
import { clampBox, sharesOf } from './pixel-shapes.js';
import { sideOf } from './place-label.js';

const text = z.string();
const boxSchema = z
  .object({ '@label': text.optional(), '@frame': text.optional(), '@outside': text.optional() })
  .and(z.object({ '@xtl': text, '@ytl': text, '@xbr': text, '@ybr': text }));
const polygonSchema = z.object({ '@label': text.optional(), '@points': text, '@outside': text.optional() });
const list = <T extends z.ZodType>(schema: T) => z.array(schema).default([]);
const shapes = { box: list(boxSchema), polygon: list(polygonSchema) };
const cvatSchema = z.object({
  annotations: z.object({
    image: list(
      z.object({ '@name': text, '@width': text, '@height': text, tag: list(z.object({ '@label': text })), ...shapes }),
    ),
    track: list(z.object({ '@label': text, '@source': text.optional(), ...shapes })),
    meta: z
      .object({
        task: z
          .object({
            name: text.optional(),
            source: text.optional(),
            original_size: z.object({ width: text, height: text }).optional(),
          })
          .optional(),
      })
      .optional()
      .catch(undefined),
  }),
});

const LISTS = ['image', 'track', 'box', 'polygon', 'tag'];

/**
 * CVAT's XML, for images and for video: tags are places, boxes objects, polygons what must be hidden. Of a video's tracks, polygons count for
 * all of it.
 */
export function readCvat(xml: string, path: string): Imported {
  const problems: DatasetProblem[] = [];
  const note = (code: string, message: string, skippable = true, at = path, line: number | null = null): void =>
    void problems.push({ path: at, line, code, message, skippable });
  const valid = XMLValidator.validate(xml);
  if (valid !== true) note('bad-xml', valid.err.msg, false, path, valid.err.line);
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    parseTagValue: false,
    // What a dataset brings may define entities that grow without end.
    processEntities: false,
    isArray: (name) => LISTS.includes(name),
  });
  const parsed = valid === true ? cvatSchema.safeParse(parser.parse(xml)) : null;
  if (!parsed?.success) {
    for (const issue of parsed?.error.issues ?? [])
      note('bad-manifest', `${issue.path.join('.')}: ${issue.message}`, false);
    return { name: path, items: [], labels: {}, problems };
  }
  const { image, track, meta } = parsed.data.annotations;
  const items: Item[] = [];
  for (const { '@name': file, '@width': width, '@height': height, tag, box, polygon } of image) {
    const size = { width: Number(width), height: Number(height) };
    if (kindOf(file) !== 'still') {
      note('unknown-format', 'is no picture', true, file);
      continue;
    }
    items.push({
      ...bareItem(file, 'still'),
      size,
      place: tag
        .map(({ '@label': label }) => label)
        .filter((label) => sideOf(label) !== null)
        .map(always),
      tags: Object.fromEntries(tag.flatMap(({ '@label': label }) => (sideOf(label) === null ? [[label, 'yes']] : []))),
      objects: box.flatMap((shape) => objectOf(shape, shape['@label'] ?? '', size, null, file, note)),
      masks: polygon.map(({ '@points': points }) => always(polygonOf(points, size))),
    });
  }
  const task = meta?.task;
  if (track.length > 0) {
    const file = task?.source ?? '';
    if (!task?.original_size || kindOf(file) !== 'clip')
      note('bad-manifest', 'has tracks, but names no clip with its size (meta.task.source, original_size)', false);
    else {
      const size = { width: Number(task.original_size.width), height: Number(task.original_size.height) };
      items.push({
        ...bareItem(file, 'clip'),
        size,
        objects: track.flatMap(({ '@label': label, box }) =>
          box
            .filter((shape) => shape['@outside'] !== '1')
            .flatMap((shape) => objectOf(shape, label, size, Number(shape['@frame'] ?? 0), file, note)),
        ),
        masks: track.flatMap(({ polygon }) =>
          polygon.slice(0, 1).map((shape) => always(polygonOf(shape['@points'], size))),
        ),
      });
    }
  }
  if (items.length === 0 && problems.length === 0) note('empty', 'holds neither images nor tracks', false);
  return { name: task?.name ?? path, items, labels: {}, problems };
}

function objectOf(
  shape: z.infer<typeof boxSchema>,
  label: string,
  { width, height }: Size,
  frame: number | null,
  file: string,
  note: (code: string, message: string, skippable: boolean, at: string) => void,
): ObjectTruth[] {
  const [left, top, right, bottom] = [shape['@xtl'], shape['@ytl'], shape['@xbr'], shape['@ybr']].map(Number) as [
    number,
    number,
    number,
    number,
  ];
  const shares: Box = [left / width, top / height, right / width, bottom / height];
  const box = shares.every(Number.isFinite) ? clampBox(shares) : null;
  if (box) return [{ label, box, frame, ignore: false }];
  note('bad-box', `a box of ${label || 'no label'} lies outside of the picture or has no size`, true, file);
  return [];
}

/** `x,y;x,y;x,y` in pixels. */
const polygonOf = (points: string, { width, height }: Size) =>
  sharesOf(points.split(/[;,]/).map(Number), width, height);
