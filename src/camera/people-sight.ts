import type { BoxMask } from '../masking/box-mask.js';
import { containsPoint } from '../masking/polygon.js';
import type { SeenPerson } from '../vision/link/messages.js';
import { masksPeople, type Point, type ZoneSet } from '../zones/zone.js';

/** Ticks of a frame's clock. */
const CLOCK_HZ = 90_000;

/** Sightings that are kept: of more than the longest look-ahead at the highest rate. */
const MOST_SIGHTINGS = 64;

/** Room around a box, as a share of its width and height: limbs, shadows' edges, and what the detector cuts off. */
const MARGIN = 0.12;

/** More room for each second since, or until, somebody was seen, in shares of his width and height: nobody's speed is known for sure. */
const DRIFT = 0.5;

/** Somebody who is seen first in a later frame was there before: so long, s, where frames are held back. */
const EARLIER = 1;

/** Somebody who is seen no more stays masked where he was last, s: he was hidden for a moment, or missed. */
const HELD = 0.8;

interface Sighting {
  readonly pts: number;
  /** Ticks for which it can be relied upon. */
  readonly valid: number;
  readonly people: readonly SeenPerson[];
}

/**
 * Where people are in the frame that is masked next, from what was seen in frames before it and, where frames are held back, after it.
 * Everything errs to the larger side: boxes grow with the time between, and somebody is masked both where he was and where he should be.
 */
export class PeopleSight {
  /** By rising `pts`. */
  #sightings: Sighting[] = [];
  /** Of the zones that mask people; null: the whole picture. */
  #zones: readonly (readonly Point[])[] = [];
  #needed = false;
  /** `pts` of the frame that was asked for last. */
  #lastFrame = Number.NEGATIVE_INFINITY;

  /** Nothing is known, of whatever time. */
  get isEmpty(): boolean {
    return this.#sightings.length === 0;
  }

  /** Whether anything depends on where people are. */
  get isNeeded(): boolean {
    return this.#needed;
  }

  useZones(zones: ZoneSet): void {
    this.#zones = zones.filter(masksPeople).map(({ polygon }) => polygon);
    this.#needed = this.#zones.length > 0;
  }

  /** Everybody who was seen in the frame at `pts`. @param validMs for which it can be relied upon */
  add(pts: number, people: readonly SeenPerson[], validMs: number): void {
    const last = this.#sightings.at(-1);
    // A file that begins anew, or a camera that set its clock: what was seen before is of another time.
    if (last && pts < last.pts) this.#sightings = [];
    this.#sightings.push({ pts, valid: (validMs * CLOCK_HZ) / 1000, people });
    if (this.#sightings.length > MOST_SIGHTINGS) this.#sightings.shift();
  }

  /** Nothing is known any more. */
  clear(): void {
    this.#sightings = [];
  }

  /**
   * Puts into `into` whoever is in the frame at `pts`, and touches a zone that masks people.
   * @returns false where that is not known: then those zones have to be masked as a whole
   */
  find(pts: number, into: BoxMask): boolean {
    into.clear();
    // A clock that was set back: what was seen at the same time of it was something else.
    if (pts < this.#lastFrame) this.clear();
    this.#lastFrame = pts;
    const before = this.#sightings.findLast((sighting) => sighting.pts <= pts);
    const after = this.#sightings.find((sighting) => sighting.pts > pts);
    const isFresh =
      (before && pts - before.pts <= before.valid) || (after && before && after.pts - before.pts <= 2 * before.valid);
    if (!isFresh) return false;
    for (const person of before.people) {
      const later = after?.people.find(({ id }) => id === person.id);
      if (later) this.#between(person, before.pts, later, after!.pts, pts, into);
      else this.#predicted(person, (pts - before.pts) / CLOCK_HZ, into);
    }
    this.#hold(before, pts, into);
    // Who comes later was on his way already.
    const known = new Set(before.people.map(({ id }) => id));
    for (const sighting of this.#sightings) {
      const early = (sighting.pts - pts) / CLOCK_HZ;
      if (early <= 0 || early > EARLIER) continue;
      for (const person of sighting.people) {
        if (known.has(person.id)) continue;
        known.add(person.id);
        this.#predicted(person, -early, into);
      }
    }
    return true;
  }

  /** Who was seen shortly before, and is not in the last sighting. */
  #hold(before: Sighting, pts: number, into: BoxMask): void {
    for (const sighting of this.#sightings) {
      if (sighting.pts >= before.pts) return;
      if ((pts - sighting.pts) / CLOCK_HZ > HELD) continue;
      for (const person of sighting.people)
        if (!before.people.some(({ id }) => id === person.id))
          this.#predicted(person, (pts - sighting.pts) / CLOCK_HZ, into);
    }
  }

  /** @param seconds since he was seen; negative: until he will be */
  #predicted({ box, velocity }: SeenPerson, seconds: number, into: BoxMask): void {
    const [left, top, right, bottom] = box;
    const [a, b, c, d] = velocity;
    const grown = MARGIN + DRIFT * Math.abs(seconds);
    this.#put(
      Math.min(left, left + a * seconds),
      Math.min(top, top + b * seconds),
      Math.max(right, right + c * seconds),
      Math.max(bottom, bottom + d * seconds),
      (right - left) * grown,
      (bottom - top) * grown,
      into,
    );
  }

  /** Between two sightings he is somewhere between. */
  #between(a: SeenPerson, from: number, b: SeenPerson, to: number, pts: number, into: BoxMask): void {
    const share = (pts - from) / (to - from);
    const edge = (i: number) => a.box[i]! + (b.box[i]! - a.box[i]!) * share;
    const [left, top, right, bottom] = [edge(0), edge(1), edge(2), edge(3)];
    const off = Math.min(pts - from, to - pts) / CLOCK_HZ;
    const grown = MARGIN + DRIFT * off;
    this.#put(left, top, right, bottom, (right - left) * grown, (bottom - top) * grown, into);
  }

  #put(left: number, top: number, right: number, bottom: number, beside: number, above: number, into: BoxMask): void {
    const [l, t, r, b] = [left - beside, top - above, right + beside, bottom + above];
    for (const polygon of this.#zones) if (touches(polygon, l, t, r, b)) return into.add(l, t, r, b);
  }
}

/** Whether a box and a polygon have a point in common. */
export function touches(polygon: readonly Point[], left: number, top: number, right: number, bottom: number): boolean {
  for (let i = 0; i < polygon.length; i++) {
    const [x0, y0] = polygon[i]!;
    const [x1, y1] = polygon[(i + 1) % polygon.length]!;
    if (cuts(x0, y0, x1, y1, left, top, right, bottom)) return true;
  }
  return containsPoint(polygon, [left, top]);
}

/** Whether a line from one point to another comes into a box (Liang and Barsky 1984). */
function cuts(
  x0: number,
  y0: number,
  x1: number,
  y1: number,
  left: number,
  top: number,
  right: number,
  bottom: number,
): boolean {
  let enter = 0;
  let leave = 1;
  const clip = (step: number, room: number): boolean => {
    if (step === 0) return room >= 0;
    const at = room / step;
    if (step < 0) enter = Math.max(enter, at);
    else leave = Math.min(leave, at);
    return enter <= leave;
  };
  return clip(x0 - x1, x0 - left) && clip(x1 - x0, right - x0) && clip(y0 - y1, y0 - top) && clip(y1 - y0, bottom - y0);
}
