/** Frames a second of every demo scene. */
export const DEMO_FPS = 25;

/** A picture that moves: draws its frame `n` into the planes of an 8-bit 4:2:0 picture of its size. */
export interface DemoScene {
  readonly width: number;
  readonly height: number;
  draw(n: number, planes: readonly Uint8Array[], strides: readonly number[]): void;
}

/** Studio-range Y, U, V of a colour. */
type Colour = readonly [y: number, u: number, v: number];

interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface Walker {
  readonly coat: Colour;
  readonly legs: Colour;
  /** Pixels a frame; negative walks to the left. */
  readonly speed: number;
  /** Where the feet are, px from the top. */
  readonly floor: number;
  readonly tall: number;
  /** Frames that this one is ahead. */
  readonly ahead: number;
}

const SKIN: Colour = [150, 108, 152];

/** A lobby with a restroom door to the left of the middle; three figures walk past it, one at a time through the zone. */
function lobby(): DemoScene {
  const width = 1280;
  const height = 720;
  const walkers: readonly Walker[] = [
    { coat: [90, 170, 90], legs: [50, 132, 124], speed: 3, floor: 610, tall: 300, ahead: 0 },
    { coat: [110, 96, 190], legs: [45, 128, 128], speed: -2.4, floor: 650, tall: 330, ahead: 260 },
    { coat: [170, 90, 140], legs: [70, 140, 116], speed: 1.8, floor: 580, tall: 270, ahead: 520 },
  ];
  const background = paintLobby(width, height);
  return {
    width,
    height,
    draw(n, planes, strides) {
      restore(background, planes, strides, width, height);
      for (const walker of walkers) drawWalker(walker, n, planes, strides, width, height);
      drawClock(n, planes, strides);
    },
  };
}

/** The scenes by the name after `demo:`. */
export const DEMO_SCENES = { lobby } as const satisfies Record<string, () => DemoScene>;
export type DemoSceneName = keyof typeof DEMO_SCENES;

function paintLobby(width: number, height: number): Uint8Array[] {
  const planes = [
    new Uint8Array(width * height),
    new Uint8Array((width * height) / 4),
    new Uint8Array((width * height) / 4),
  ];
  const strides = [width, width / 2, width / 2];
  const box = (rect: Rect, colour: Colour): void => fill(planes, strides, rect, colour, width, height);
  box({ x: 0, y: 0, width, height: 480 }, [188, 122, 134]);
  box({ x: 0, y: 480, width, height: height - 480 }, [120, 124, 136]);
  for (let y = 480; y < height; y += 60) box({ x: 0, y, width, height: 2 }, [104, 124, 136]);
  for (let x = 40; x < width; x += 160) box({ x, y: 30, width: 90, height: 14 }, [232, 128, 128]);
  // The restroom door, with the figure of its sign.
  box({ x: 340, y: 170, width: 150, height: 310 }, [96, 116, 144]);
  box({ x: 352, y: 182, width: 126, height: 298 }, [128, 112, 142]);
  box({ x: 402, y: 205, width: 26, height: 26 }, [220, 128, 128]);
  box({ x: 408, y: 235, width: 14, height: 46 }, [220, 128, 128]);
  // The desk, a picture, the way out.
  box({ x: 820, y: 380, width: 330, height: 130 }, [84, 110, 150]);
  box({ x: 810, y: 366, width: 350, height: 20 }, [140, 112, 144]);
  box({ x: 900, y: 140, width: 170, height: 110 }, [70, 150, 112]);
  box({ x: 912, y: 152, width: 146, height: 86 }, [150, 160, 100]);
  box({ x: 80, y: 210, width: 170, height: 270 }, [205, 140, 118]);
  // Light and dark steps make the wall a surface that a moved camera would be noticed on.
  for (let x = 0; x < width; x += 64) box({ x, y: 470, width: 32, height: 10 }, [150, 122, 134]);
  return planes;
}

function restore(
  background: readonly Uint8Array[],
  planes: readonly Uint8Array[],
  strides: readonly number[],
  width: number,
  height: number,
): void {
  for (let p = 0; p < 3; p++) {
    const columns = p === 0 ? width : width / 2;
    const rows = p === 0 ? height : height / 2;
    const from = background[p]!;
    const to = planes[p]!;
    const stride = strides[p]!;
    if (stride === columns) to.set(from);
    else for (let y = 0; y < rows; y++) to.set(from.subarray(y * columns, (y + 1) * columns), y * stride);
  }
}

function drawWalker(
  w: Walker,
  n: number,
  planes: readonly Uint8Array[],
  strides: readonly number[],
  width: number,
  height: number,
): void {
  const span = width + 200;
  const along = (((n + w.ahead) * Math.abs(w.speed)) % span) - 100;
  const x = w.speed > 0 ? along : width - along;
  const step = Math.sin((n + w.ahead) / 4) * w.tall * 0.09;
  const top = w.floor - w.tall;
  const box = (dx: number, dy: number, bw: number, bh: number, colour: Colour): void =>
    fill(planes, strides, { x: x + dx, y: top + dy, width: bw, height: bh }, colour, width, height);
  const head = w.tall * 0.14;
  const body = w.tall * 0.2;
  box(-body * 0.35 + step, w.tall * 0.55, body * 0.32, w.tall * 0.45, w.legs);
  box(body * 0.05 - step, w.tall * 0.55, body * 0.32, w.tall * 0.45, w.legs);
  box(-body / 2, head * 1.1, body, w.tall * 0.48, w.coat);
  box(-body * 0.72 - step / 2, head * 1.2, body * 0.24, w.tall * 0.36, w.coat);
  box(body * 0.48 + step / 2, head * 1.2, body * 0.24, w.tall * 0.36, w.coat);
  box(-head / 2, 0, head, head, SKIN);
}

/** A bar that fills within each second: shows at a glance that the picture is live. */
function drawClock(n: number, planes: readonly Uint8Array[], strides: readonly number[]): void {
  const part = n % DEMO_FPS;
  fill(planes, strides, { x: 20, y: 690, width: 250, height: 10 }, [60, 128, 128], 1280, 720);
  fill(planes, strides, { x: 20, y: 690, width: 10 * (part + 1), height: 10 }, [210, 100, 150], 1280, 720);
}

/** Fills a rectangle, clipped to the picture and widened to whole chroma samples. */
function fill(
  planes: readonly Uint8Array[],
  strides: readonly number[],
  rect: Rect,
  [y, u, v]: Colour,
  width: number,
  height: number,
): void {
  const x0 = Math.max(0, Math.floor(rect.x) & ~1);
  const y0 = Math.max(0, Math.floor(rect.y) & ~1);
  const x1 = Math.min(width, (Math.ceil(rect.x + rect.width) + 1) & ~1);
  const y1 = Math.min(height, (Math.ceil(rect.y + rect.height) + 1) & ~1);
  if (x1 <= x0) return;
  for (let row = y0; row < y1; row++) planes[0]!.fill(y, row * strides[0]! + x0, row * strides[0]! + x1);
  for (let row = y0 / 2; row < y1 / 2; row++) {
    planes[1]!.fill(u, row * strides[1]! + x0 / 2, row * strides[1]! + x1 / 2);
    planes[2]!.fill(v, row * strides[2]! + x0 / 2, row * strides[2]! + x1 / 2);
  }
}
