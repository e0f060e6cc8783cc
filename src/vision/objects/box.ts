/** Where in the picture, shares of its width and height, 0 to 1. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What was found, and how sure the detector is, 0 to 1. */
export interface DetectedObject {
  readonly label: string;
  readonly score: number;
  readonly box: Box;
}

/** Area in common over area together, 0 to 1. */
export function overlap(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  if (width <= 0 || height <= 0) return 0;
  const common = width * height;
  const together = a.width * a.height + b.width * b.height - common;
  // Areas that are too small for a number count as none.
  return together > 0 ? common / together : 0;
}

/**
 * One of each: the surest box of a class stands for those of the same class that lie on it (non-maximum suppression).
 *
 * @param most boxes overlap by, before they are the same object
 * @returns surest first
 */
export function distinct(found: readonly DetectedObject[], most: number): DetectedObject[] {
  const kept: DetectedObject[] = [];
  for (const object of [...found].sort((a, b) => b.score - a.score))
    if (!kept.some(({ label, box }) => label === object.label && overlap(box, object.box) > most)) kept.push(object);
  return kept;
}
