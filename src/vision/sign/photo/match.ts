import { type Homography, type Point, project, type Quad, rectangle } from '../quad.js';
import { agreedHomography, type Pair } from './homography.js';
import { BITS, difference, type Keypoints, WORDS } from './keypoints.js';
import type { PhotoViews } from './views.js';

/** A corner of the picture that looks like one of the photo, and what that would make of the sign. */
interface Match extends Pair {
  /** Where its middle would be, px of the picture. */
  readonly middle: Point;
  /** How big the sign would be, px: the root of its area. */
  readonly size: number;
}

/** Of 256 bits so many may differ. */
const MOST_BITS = 72;
/** The next best place of the photo must differ by so much more: else it is writing like other writing. */
const RATIO = 0.88;
/** Places of the photo nearer than this, in shares of its longer side, are one. */
const SAME = 0.06;
/** Matches agree on a sign whose middle they see within this share of its size, and whose size within this factor. */
const NEAR = 0.35;
const ALIKE = 1.6;
/** Matches that must agree before a map is tried, and on the map. */
const LEAST_VOTES = 5;
/** Groups of matches that are tried. */
const GROUPS = 4;

/** Maps from the photo to the picture that corners speak for, most agreed on first. */
export function mapsBetween(
  photo: { readonly width: number; readonly height: number },
  views: PhotoViews,
  picture: Keypoints,
): Homography[] {
  const matches = matchesOf(photo, views, picture);
  const isPlausible = (map: Homography) => couldBeSign(seenAs(map, photo), photo);
  return groupsOf(matches)
    .flatMap((group) => agreedHomography(group, Math.max(2.5, 0.03 * group[0]!.size), isPlausible) ?? [])
    .filter(({ agreeing }) => agreeing.length >= LEAST_VOTES)
    .sort((a, b) => b.agreeing.length - a.agreeing.length)
    .map(({ map }) => map);
}

/** The corners of a photo under a map. */
export function seenAs(map: Homography, { width, height }: { readonly width: number; readonly height: number }): Quad {
  return rectangle(0, 0, width, height).map(([x, y]) => project(map, x, y)) as unknown as Quad;
}

function matchesOf(
  { width, height }: { readonly width: number; readonly height: number },
  views: PhotoViews,
  picture: Keypoints,
): Match[] {
  const apart = SAME * Math.max(width, height);
  const matches: Match[] = [];
  for (let i = 0; i < picture.count; i++) {
    let best = -1;
    let least = MOST_BITS;
    /** Least of the places elsewhere: those seen before the best one was found count from then on. */
    let elsewhere = BITS;
    for (let j = 0; j < views.count; j++) {
      const bits = difference(picture.descriptors, i * WORDS, views.descriptors, j * WORDS, elsewhere);
      if (bits >= elsewhere) continue;
      const isSame =
        best >= 0 && Math.abs(views.x[j]! - views.x[best]!) < apart && Math.abs(views.y[j]! - views.y[best]!) < apart;
      if (bits < least) {
        if (best >= 0 && !isSame) elsewhere = least;
        best = j;
        least = bits;
      } else if (!isSame) elsewhere = bits;
    }
    if (best < 0 || least > RATIO * elsewhere) continue;
    const [x, y] = [views.x[best]!, views.y[best]!];
    const [scaleX, scaleY] = [views.scaleX[best]!, views.scaleY[best]!];
    const to: Point = [picture.x[i]!, picture.y[i]!];
    matches.push({
      from: [x, y],
      to,
      middle: [to[0] + (width / 2 - x) * scaleX, to[1] + (height / 2 - y) * scaleY],
      size: Math.sqrt(width * scaleX * height * scaleY),
    });
  }
  return matches;
}

/** Matches that would see the same sign in the same place, largest group first; each match is in one. */
function groupsOf(matches: readonly Match[]): Match[][] {
  const groups: Match[][] = [];
  let rest = [...matches];
  while (groups.length < GROUPS) {
    let largest: Match[] = [];
    for (const { middle, size } of rest) {
      const group = rest.filter(
        (other) =>
          Math.abs(other.middle[0] - middle[0]) < NEAR * size &&
          Math.abs(other.middle[1] - middle[1]) < NEAR * size &&
          other.size < size * ALIKE &&
          size < other.size * ALIKE,
      );
      if (group.length > largest.length) largest = group;
    }
    if (largest.length < LEAST_VOTES) break;
    groups.push(largest);
    const gone = new Set(largest);
    rest = rest.filter((match) => !gone.has(match));
  }
  return groups;
}

/** The shorter side of a sign that can be known again, px. */
const LEAST_SIDE = 14;

/** Whether a photo can be seen so: upright, not mirrored, from no more than some 65 degrees aside, not folded. */
export function couldBeSign(
  quad: Quad,
  { width, height }: { readonly width: number; readonly height: number },
): boolean {
  const sides = quad.map((corner, i): Point => {
    const next = quad[(i + 1) % 4]!;
    return [next[0] - corner[0], next[1] - corner[1]];
  });
  const lengths = sides.map(([x, y]) => Math.hypot(x, y));
  if (!lengths.every((length) => length >= LEAST_SIDE && Number.isFinite(length))) return false;
  const turnsClockwise = sides.every(([x, y], i) => {
    const next = sides[(i + 1) % 4]!;
    return x * next[1] - y * next[0] > 0.3 * lengths[i]! * lengths[(i + 1) % 4]!;
  });
  const [top, right, bottom, left] = lengths as [number, number, number, number];
  const isLevel = Math.abs(sides[0]![1]) < 0.6 * sides[0]![0];
  const narrowed = ((top + bottom) / (left + right)) * (height / width);
  return (
    turnsClockwise &&
    isLevel &&
    narrowed > 0.38 &&
    narrowed < 1.7 &&
    ratio(top, bottom) < 1.8 &&
    ratio(left, right) < 1.8
  );
}

const ratio = (a: number, b: number): number => Math.max(a / b, b / a);
