/**
 * Who is who from picture to picture: ByteTrack (Zhang 2022) on boxes alone. Sure detections are matched with everybody known first,
 * then unsure ones with those who are left: somebody half hidden keeps his name, and no shadow gets one. Pure.
 */
import { assign } from './assignment.js';
import { EdgeFilter } from './edge-filter.js';

/** Left, top, right, bottom; any unit. */
export type Edges = readonly [left: number, top: number, right: number, bottom: number];

export interface Detection {
  readonly box: Edges;
  /** 0..1 */
  readonly score: number;
}

/** From this score on a detection is sure. */
export const SURE = 0.5;
/** A new name needs this score. */
const NEW = 0.5;
/** Boxes that share less of their area are not the same person, at the first and at the second matching. */
const LEAST_OVERLAP = 0.15;
const LEAST_OVERLAP_UNSURE = 0.3;
/** Somebody who is not seen for so long, s, is gone. */
const FORGET_AFTER = 1.5;
/** Looks that make a person: a single one may be a fluke. */
const CONFIRMED_BY = 2;
/** Two pictures further apart, s, or not in order, are of different times: nothing is carried over. */
const LONGEST_GAP = 5;

/** Somebody, as known now. */
export interface Track {
  readonly id: number;
  readonly box: Edges;
  /** Of each edge, a second. */
  readonly velocity: Edges;
  /** Seen in the last picture. */
  readonly isSeen: boolean;
  /** Seen often enough to be counted. */
  readonly isConfirmed: boolean;
}

interface Known {
  readonly id: number;
  readonly filters: readonly [EdgeFilter, EdgeFilter, EdgeFilter, EdgeFilter];
  seenAt: number;
  hits: number;
}

export class Tracker {
  #known: Known[] = [];
  #nextId = 1;
  #at = Number.NEGATIVE_INFINITY;

  /** Forgets everybody. Names are not used again. */
  clear(): void {
    this.#known = [];
    this.#at = Number.NEGATIVE_INFINITY;
  }

  /**
   * @param at of the picture, s
   * @returns everybody who is there, seen in this picture or held from before
   */
  update(detections: readonly Detection[], at: number): readonly Track[] {
    const passed = at - this.#at;
    if (!(passed >= 0 && passed <= LONGEST_GAP)) this.#known = [];
    else for (const { filters } of this.#known) predict(filters, passed);
    this.#at = at;
    const sure = detections.filter(({ score }) => score >= SURE);
    const unsure = detections.filter(({ score }) => score < SURE);
    const first = this.#match(this.#known, sure, LEAST_OVERLAP, at);
    this.#match(first.known, unsure, LEAST_OVERLAP_UNSURE, at);
    for (const { box, score } of first.detections) if (score >= NEW) this.#begin(box, at);
    this.#known = this.#known.filter(({ seenAt }) => at - seenAt <= FORGET_AFTER);
    return this.#known.map((known) => this.#present(known));
  }

  /** Nothing has moved since the last picture: everybody is where he was. */
  still(at: number): readonly Track[] {
    if (!(at - this.#at >= 0)) return this.update([], at);
    this.#at = at;
    for (const { filters } of this.#known) for (const filter of filters) filter.stop();
    for (const known of this.#known) known.seenAt = at;
    return this.#known.map((known) => this.#present(known));
  }

  /** Matches, corrects, and gives back who and what is left. */
  #match(known: readonly Known[], detections: readonly Detection[], least: number, at: number) {
    const costs = known.map((one) => detections.map(({ box }) => 1 - similarity(boxOf(one), box)));
    const leftKnown: Known[] = [];
    const taken = new Set<number>();
    assign(costs).forEach((column, row) => {
      const one = known[row]!;
      if (column < 0 || costs[row]![column]! > 1 - least) {
        leftKnown.push(one);
        return;
      }
      taken.add(column);
      correct(one.filters, detections[column]!.box);
      one.seenAt = at;
      one.hits++;
    });
    return { known: leftKnown, detections: detections.filter((_, index) => !taken.has(index)) };
  }

  #begin(box: Edges, at: number): void {
    const [width, height] = [box[2] - box[0], box[3] - box[1]];
    this.#known.push({
      id: this.#nextId++,
      filters: [
        new EdgeFilter(box[0], width),
        new EdgeFilter(box[1], height),
        new EdgeFilter(box[2], width),
        new EdgeFilter(box[3], height),
      ],
      seenAt: at,
      hits: 1,
    });
  }

  #present({ id, filters, seenAt, hits }: Known): Track {
    const [left, top, right, bottom] = filters;
    return {
      id,
      box: [left.place, top.place, right.place, bottom.place],
      velocity: [left.speed, top.speed, right.speed, bottom.speed],
      isSeen: seenAt === this.#at,
      isConfirmed: hits >= CONFIRMED_BY,
    };
  }
}

const boxOf = ({ filters: [left, top, right, bottom] }: Known): Edges => [
  left.place,
  top.place,
  right.place,
  bottom.place,
];

function predict(filters: Known['filters'], seconds: number): void {
  const [left, top, right, bottom] = filters;
  const [width, height] = [right.place - left.place, bottom.place - top.place];
  left.predict(seconds, width);
  top.predict(seconds, height);
  right.predict(seconds, width);
  bottom.predict(seconds, height);
}

function correct(filters: Known['filters'], box: Edges): void {
  const [width, height] = [box[2] - box[0], box[3] - box[1]];
  filters.forEach((filter, edge) => {
    filter.correct(box[edge]!, edge % 2 === 0 ? width : height);
  });
}

/** Area in common over area together, 0..1. */
export function similarity(a: Edges, b: Edges): number {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  const areas = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]);
  if (width > 0 && height > 0) return (width * height) / (areas - width * height);
  return 0;
}
