import { z } from 'zod';
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

/** Categories whose polygons say what must be hidden. */
const MASK_CATEGORY = /^(mask|privacy|privacy[ _-]?zone|hidden)$/i;

const cocoSchema = z.object({
  info: z.object({ description: z.string().optional() }).loose().optional(),
  images: z.array(
    z.object({ id: z.union([z.int(), z.string()]), file_name: z.string().min(1), width: z.int(), height: z.int() }),
  ),
  annotations: z.array(
    z.object({
      image_id: z.union([z.int(), z.string()]),
      category_id: z.int(),
      bbox: z.array(z.number()).optional(),
      segmentation: z.unknown().optional(),
      iscrowd: z.int().optional(),
    }),
  ),
  categories: z.array(z.object({ id: z.int(), name: z.string().min(1), supercategory: z.string().optional() })),
});

/** COCO's object detection JSON: boxes become objects; polygons of a category called `mask` or `privacy` what must be hidden. */
export function readCoco(text: string, path: string): Imported {
  const problems: DatasetProblem[] = [];
  const note = (code: string, message: string, skippable = true, at = path): void =>
    void problems.push({ path: at, line: null, code, message, skippable });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    note('bad-json', `is no JSON: ${(error as Error).message}`, false);
  }
  const parsed = cocoSchema.safeParse(value);
  if (!parsed.success) {
    if (problems.length === 0)
      for (const issue of parsed.error.issues) note('bad-manifest', `${issue.path.join('.')}: ${issue.message}`, false);
    return { name: path, items: [], labels: {}, problems };
  }
  const { info, images, annotations, categories } = parsed.data;
  const names = new Map(categories.map((category) => [category.id, category]));
  const items = new Map<number | string, Item>();
  for (const { id, file_name, width, height } of images) {
    const kind = kindOf(file_name);
    if (kind !== 'still') note('unknown-format', 'is no picture', true, file_name);
    else if (!(width > 0 && height > 0)) note('wrong-size', `is said to be ${width}x${height}`, true, file_name);
    else items.set(id, { ...bareItem(file_name, kind), size: { width, height }, objects: [] });
  }
  for (const [i, { image_id, category_id, bbox, segmentation, iscrowd }] of annotations.entries()) {
    const item = items.get(image_id);
    const category = names.get(category_id);
    const where = `annotations[${i}]`;
    if (!item) {
      if (!images.some(({ id }) => id === image_id)) note('bad-manifest', `${where}: there is no image ${image_id}`);
      continue;
    }
    if (!category) {
      note('unknown-label', `${where}: there is no category ${category_id}`, true, item.file);
      continue;
    }
    const { width, height } = item.size!;
    if (MASK_CATEGORY.test(category.name) || category.supercategory === 'mask') {
      const polygons = polygonsOf(segmentation, bbox).map((flat) => sharesOf(flat, width, height));
      items.set(image_id, { ...item, masks: [...item.masks, ...polygons.map(always)] });
      continue;
    }
    const box = boxOf(bbox, width, height);
    if (!box) {
      note('bad-box', `${where}: bbox must be [x, y, width, height] within the picture`, true, item.file);
      continue;
    }
    const object: ObjectTruth = { label: category.name, box, frame: null, ignore: iscrowd === 1 };
    items.set(image_id, { ...item, objects: [...(item.objects ?? []), object] });
  }
  return { name: info?.description ?? path, items: [...items.values()], labels: {}, problems };
}

function boxOf(bbox: readonly number[] | undefined, width: number, height: number): Box | null {
  if (bbox?.length !== 4) return null;
  const [x, y, w, h] = bbox as [number, number, number, number];
  return clampBox([x / width, y / height, (x + w) / width, (y + h) / height]);
}

/** Flat lists x, y, x, y ... in pixels; a box where there is no polygon. */
function polygonsOf(segmentation: unknown, bbox: readonly number[] | undefined): number[][] {
  if (Array.isArray(segmentation)) {
    const flat = segmentation.filter(
      (part): part is number[] => Array.isArray(part) && part.length >= 6 && part.every((n) => typeof n === 'number'),
    );
    if (flat.length > 0) return flat;
  }
  if (bbox?.length !== 4) return [];
  const [x, y, w, h] = bbox as [number, number, number, number];
  return [[x, y, x + w, y, x + w, y + h, x, y + h]];
}
