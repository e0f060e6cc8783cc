/** Studio-range Y, U, V of a colour (BT.601). */
export type Colour = readonly [y: number, u: number, v: number];

/** From sRGB, 0xRRGGBB, by BT.601 in studio range: only where scenes are set up. */
export function rgb(hex: number): Colour {
  const [r, g, b] = [(hex >> 16) & 0xff, (hex >> 8) & 0xff, hex & 0xff];
  return [
    Math.round(16 + (65.481 * r + 128.553 * g + 24.966 * b) / 255),
    Math.round(128 + (-37.797 * r - 74.203 * g + 112 * b) / 255),
    Math.round(128 + (112 * r - 93.786 * g - 18.214 * b) / 255),
  ];
}

/** The same colour, lighter (above 0) or darker, in steps of luma. */
export const shade = ([y, u, v]: Colour, by: number): Colour => [Math.min(235, Math.max(16, y + by)), u, v];

/** Corners of the polygon that stands for half a circle. */
const ARC_STEPS = 9;

/** Of a Buffer: its own `fill` is slower, and the rows here are short. */
const fill = Uint8Array.prototype.fill;

/**
 * Paints filled shapes into the planes of an 8-bit 4:2:0 picture. Their left and right edges are smoothed in luma. Allocates nothing
 * once it is made.
 */
export class DemoPainter {
  readonly #width: number;
  readonly #height: number;
  #y: Uint8Array = new Uint8Array();
  #u: Uint8Array = new Uint8Array();
  #v: Uint8Array = new Uint8Array();
  #strides: readonly number[] = [0, 0, 0];
  /** Where the shape at hand begins and ends in each row, px. */
  readonly #left: Float64Array;
  readonly #right: Float64Array;
  #top = 0;
  #bottom = 0;

  constructor(width: number, height: number) {
    this.#width = width;
    this.#height = height;
    this.#left = new Float64Array(height);
    this.#right = new Float64Array(height);
  }

  /** Paints into these planes from now on. */
  target(planes: readonly Uint8Array[], strides: readonly number[]): void {
    this.#y = planes[0]!;
    this.#u = planes[1]!;
    this.#v = planes[2]!;
    this.#strides = strides;
  }

  box(left: number, top: number, width: number, height: number, colour: Colour): void {
    this.#begin(top, top + height);
    this.#edge(left, top, left, top + height);
    this.#edge(left + width, top, left + width, top + height);
    this.#paint(colour);
  }

  /** A convex polygon. @param points x and y of each corner in turn */
  polygon(points: readonly number[], colour: Colour): void {
    let top = Number.POSITIVE_INFINITY;
    let bottom = Number.NEGATIVE_INFINITY;
    for (let i = 1; i < points.length; i += 2) {
      top = Math.min(top, points[i]!);
      bottom = Math.max(bottom, points[i]!);
    }
    this.#begin(top, bottom);
    for (let i = 0; i < points.length; i += 2) {
      const next = (i + 2) % points.length;
      this.#edge(points[i]!, points[i + 1]!, points[next]!, points[next + 1]!);
    }
    this.#paint(colour);
  }

  ellipse(x: number, y: number, radiusX: number, radiusY: number, colour: Colour): void {
    this.#begin(y - radiusY, y + radiusY);
    for (let row = this.#top; row < this.#bottom; row++) {
      const at = (row + 0.5 - y) / radiusY;
      const half = radiusX * Math.sqrt(Math.max(0, 1 - at * at));
      this.#left[row] = x - half;
      this.#right[row] = x + half;
    }
    this.#paint(colour);
  }

  /** A limb: all that lies between two circles. */
  limb(x1: number, y1: number, r1: number, x2: number, y2: number, r2: number, colour: Colour): void {
    const length = Math.hypot(x2 - x1, y2 - y1);
    const along = Math.atan2(y2 - y1, x2 - x1);
    // Where the common tangents touch.
    const open = Math.acos(Math.max(-1, Math.min(1, length === 0 ? 0 : (r1 - r2) / length)));
    this.#begin(Math.min(y1 - r1, y2 - r2), Math.max(y1 + r1, y2 + r2));
    let [x, y] = [x2 + r2 * Math.cos(along - open), y2 + r2 * Math.sin(along - open)];
    const [firstX, firstY] = [x, y];
    for (let circle = 0; circle < 2; circle++) {
      const [centreX, centreY, radius] = circle === 0 ? [x2, y2, r2] : [x1, y1, r1];
      const from = circle === 0 ? along - open : along + open;
      const sweep = circle === 0 ? 2 * open : 2 * (Math.PI - open);
      for (let step = 0; step <= ARC_STEPS; step++) {
        const angle = from + (sweep * step) / ARC_STEPS;
        const [nextX, nextY] = [centreX + radius * Math.cos(angle), centreY + radius * Math.sin(angle)];
        this.#edge(x, y, nextX, nextY);
        x = nextX;
        y = nextY;
      }
    }
    this.#edge(x, y, firstX, firstY);
    this.#paint(colour);
  }

  #begin(top: number, bottom: number): void {
    this.#top = Math.max(0, Math.round(top));
    this.#bottom = Math.min(this.#height, Math.round(bottom));
    for (let row = this.#top; row < this.#bottom; row++) {
      this.#left[row] = Number.POSITIVE_INFINITY;
      this.#right[row] = Number.NEGATIVE_INFINITY;
    }
  }

  /** Widens the rows that an edge of the shape runs through, each at its middle. */
  #edge(x1: number, y1: number, x2: number, y2: number): void {
    if (y1 > y2) return this.#edge(x2, y2, x1, y1);
    const slope = (x2 - x1) / (y2 - y1);
    const last = Math.min(this.#bottom, Math.ceil(y2 - 0.5));
    for (let row = Math.max(this.#top, Math.ceil(y1 - 0.5)); row < last; row++) {
      const x = x1 + (row + 0.5 - y1) * slope;
      if (x < this.#left[row]!) this.#left[row] = x;
      if (x > this.#right[row]!) this.#right[row] = x;
    }
  }

  #paint(colour: Colour): void {
    for (let row = this.#top; row < this.#bottom; row++) this.#paintRow(row, colour);
  }

  #paintRow(row: number, [y, u, v]: Colour): void {
    const left = Math.max(0, this.#left[row]!);
    const right = Math.min(this.#width, this.#right[row]!);
    if (right <= left) return;
    const [first, last] = [Math.ceil(left), Math.floor(right)];
    const line = row * this.#strides[0]!;
    if (last > first) fill.call(this.#y, y, line + first, line + last);
    if (first > left) this.#mix(line + first - 1, y, first - left);
    if (right > last) this.#mix(line + last, y, right - last);
    if (row % 2 === 1) return;
    const [from, to] = [Math.round(left / 2), Math.round(right / 2)];
    const chroma = row / 2;
    fill.call(this.#u, u, chroma * this.#strides[1]! + from, chroma * this.#strides[1]! + to);
    fill.call(this.#v, v, chroma * this.#strides[2]! + from, chroma * this.#strides[2]! + to);
  }

  #mix(at: number, y: number, share: number): void {
    this.#y[at] = this.#y[at]! + (y - this.#y[at]!) * share;
  }
}
