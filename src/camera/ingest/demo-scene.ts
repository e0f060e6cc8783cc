import { DemoPainter, rgb, shade } from './demo-painter.js';
import { drawWalker, type Walker } from './demo-walker.js';

/** Frames a second of every demo scene. */
export const DEMO_FPS = 25;

/** A picture that moves: draws its frame `n` into the planes of an 8-bit 4:2:0 picture of its size. */
export interface DemoScene {
  readonly width: number;
  readonly height: number;
  draw(n: number, planes: readonly Uint8Array[], strides: readonly number[]): void;
}

const WIDTH = 1280;
const HEIGHT = 720;

/** Where the wall meets the floor, px from the top. */
const FLOOR = 444;

/** Where the lines of floor and ceiling meet. */
const VANISHING = { x: 640, y: 250 } as const;

const WALL = rgb(0xd9cfc0);
const WOOD = rgb(0x8a5a34);
const WHITE = rgb(0xf4f1ea);
const STEEL = rgb(0x9aa3ab);

const WALKERS: readonly Walker[] = [
  {
    skin: rgb(0xd9a27c),
    hair: rgb(0x3a2618),
    coat: rgb(0x2f6f9f),
    trousers: rgb(0x2b2f3a),
    shoes: rgb(0x4a2f1d),
    bag: null,
    speed: 2.2,
    floor: 560,
    tall: 292,
    ahead: 60,
  },
  {
    skin: rgb(0xc98f6b),
    hair: rgb(0x191512),
    coat: rgb(0xb23a32),
    trousers: rgb(0x39424e),
    shoes: rgb(0x20201f),
    bag: rgb(0x6b4a2b),
    speed: -2.6,
    floor: 615,
    tall: 330,
    ahead: 330,
  },
  {
    skin: rgb(0xe8bd9a),
    hair: rgb(0xb98a4c),
    coat: rgb(0x5d7f4e),
    trousers: rgb(0x6d5f52),
    shoes: rgb(0x33302d),
    bag: null,
    speed: 1.7,
    floor: 680,
    tall: 356,
    ahead: 610,
  },
];

/** A lobby with a restroom door on the left; three people walk past it. */
function lobby(): DemoScene {
  const painter = new DemoPainter(WIDTH, HEIGHT);
  const background = [
    new Uint8Array(WIDTH * HEIGHT),
    new Uint8Array((WIDTH * HEIGHT) / 4),
    new Uint8Array((WIDTH * HEIGHT) / 4),
  ];
  painter.target(background, [WIDTH, WIDTH / 2, WIDTH / 2]);
  paintRoom(painter);
  paintRestroomDoor(painter);
  paintFurniture(painter);
  return {
    width: WIDTH,
    height: HEIGHT,
    draw(n, planes, strides) {
      restore(background, planes, strides);
      painter.target(planes, strides);
      drawClockHand(painter, n);
      for (const walker of WALKERS) drawWalker(painter, walker, n, WIDTH);
    },
  };
}

/** The scenes by the name after `demo:`. */
export const DEMO_SCENES = { lobby } as const satisfies Record<string, () => DemoScene>;
export type DemoSceneName = keyof typeof DEMO_SCENES;

function paintRoom(p: DemoPainter): void {
  // The ceiling, with rows of lamps that run towards the vanishing point.
  const ceiling = 92;
  for (let y = 0; y < ceiling; y++) p.box(0, y, WIDTH, 1, shade(WALL, 20 - y * 0.3));
  for (const x of [-420, -60, 300, 660, 1020, 1380]) {
    const [near, far] = [0.02, 0.3];
    const at = (share: number, offset: number): number => x + offset + (VANISHING.x - x - offset) * share;
    const row = (share: number): number => -40 + (VANISHING.y + 40) * share * 1.3;
    p.polygon([at(near, 0), row(near), at(near, 200), row(near), at(far, 200), row(far), at(far, 0), row(far)], WHITE);
  }
  for (let y = ceiling; y < FLOOR; y++) p.box(0, y, WIDTH, 1, shade(WALL, 6 - (y - ceiling) * 0.07));
  p.box(0, ceiling - 4, WIDTH, 6, shade(WALL, -26));
  // Tiles: rows grow wider towards the front, columns run apart.
  for (let y = FLOOR; y < HEIGHT; y++) p.box(0, y, WIDTH, 1, [106 + (y - FLOOR) * 0.11, 125, 132]);
  for (let depth = 1, y: number = FLOOR; y < HEIGHT; depth++, y = FLOOR + 7 * depth ** 1.45)
    p.box(0, y, WIDTH, 1 + depth * 0.12, [96, 125, 132]);
  for (let column = -14; column <= 14; column++) {
    const [top, bottom] = [VANISHING.x + column * 76, VANISHING.x + column * 186];
    p.polygon([top, FLOOR, top + 1.2, FLOOR, bottom + 3, HEIGHT, bottom, HEIGHT], [96, 125, 132]);
  }
  p.box(0, FLOOR - 14, WIDTH, 14, shade(WALL, -44));
}

function paintRestroomDoor(p: DemoPainter): void {
  p.box(150, 150, 212, FLOOR - 150, shade(WOOD, -34));
  p.box(164, 164, 184, FLOOR - 164, WOOD);
  for (const [x, y, height] of [
    [184, 300, 124],
    [268, 300, 124],
  ] as const) {
    p.box(x, y, 62, height, shade(WOOD, -14));
    p.box(x + 4, y + 4, 54, height - 8, shade(WOOD, 6));
  }
  p.limb(332, 306, 5, 314, 306, 5, STEEL);
  // The sign: a woman and a man.
  p.box(200, 190, 112, 84, rgb(0x24557a));
  p.ellipse(230, 208, 7, 7, WHITE);
  p.polygon([225, 217, 235, 217, 245, 247, 215, 247], WHITE);
  p.limb(227, 247, 3, 227, 262, 3, WHITE);
  p.limb(234, 247, 3, 234, 262, 3, WHITE);
  p.box(255, 200, 2, 64, WHITE);
  p.ellipse(282, 208, 7, 7, WHITE);
  p.box(272, 217, 20, 26, WHITE);
  p.limb(277, 243, 4, 277, 262, 4, WHITE);
  p.limb(287, 243, 4, 287, 262, 4, WHITE);
}

function paintFurniture(p: DemoPainter): void {
  // The way out: glass doors, with daylight, a hedge and a path behind them.
  p.box(1040, 150, 210, FLOOR - 150, STEEL);
  for (const x of [1050, 1150]) {
    p.box(x, 160, 90, 130, rgb(0xcfe6f5));
    p.box(x, 290, 90, 60, rgb(0x7fa66a));
    p.box(x, 350, 90, FLOOR - 350, rgb(0xc9c2b4));
  }
  p.limb(1135, 300, 3, 1135, 350, 3, shade(STEEL, -50));
  p.limb(1156, 300, 3, 1156, 350, 3, shade(STEEL, -50));
  // The desk, its lamp and its screen.
  p.box(640, 350, 300, 18, shade(WOOD, 40));
  p.polygon([648, 368, 932, 368, 920, 492, 660, 492], shade(WOOD, -8));
  p.polygon([676, 386, 904, 386, 896, 474, 684, 474], shade(WOOD, 8));
  p.box(700, 298, 76, 46, rgb(0x2a2f36));
  p.box(705, 303, 66, 36, rgb(0x5f8fb5));
  p.box(732, 344, 12, 8, rgb(0x2a2f36));
  p.limb(880, 350, 3, 868, 312, 3, rgb(0x33363b));
  p.polygon([846, 304, 884, 304, 876, 288, 856, 288], rgb(0xd8b458));
  // A picture of hills, a plant, and the clock.
  p.box(660, 150, 150, 104, shade(WOOD, -30));
  p.box(668, 158, 134, 88, rgb(0xbfd9ea));
  p.polygon([668, 246, 668, 216, 712, 190, 760, 222, 802, 204, 802, 246], rgb(0x6f8f63));
  p.ellipse(775, 178, 10, 10, rgb(0xf2d27a));
  for (const [dx, dy] of [
    [-34, -60],
    [-18, -92],
    [0, -104],
    [18, -90],
    [34, -56],
  ] as const)
    p.limb(490, 400, 6, 490 + dx, 400 + dy, 12, rgb(dx % 4 === 0 ? 0x3f7a45 : 0x4f8f52));
  p.polygon([462, 396, 518, 396, 510, 460, 470, 460], rgb(0xb5623c));
  p.box(458, 390, 64, 12, rgb(0xc47148));
  p.ellipse(CLOCK.x, CLOCK.y, CLOCK.radius + 5, CLOCK.radius + 5, rgb(0x3b3f45));
  p.ellipse(CLOCK.x, CLOCK.y, CLOCK.radius, CLOCK.radius, WHITE);
  p.limb(CLOCK.x, CLOCK.y, 2.5, CLOCK.x - 14, CLOCK.y - 12, 2.5, rgb(0x3b3f45));
  p.limb(CLOCK.x, CLOCK.y, 2, CLOCK.x + 6, CLOCK.y - 24, 2, rgb(0x3b3f45));
}

const CLOCK = { x: 560, y: 190, radius: 34 } as const;
const CLOCK_HAND = rgb(0xc0392b);

/** A hand that goes round once in four seconds: shows at a glance that the picture is live. */
function drawClockHand(p: DemoPainter, n: number): void {
  const angle = (n / (4 * DEMO_FPS)) * 2 * Math.PI;
  const [x, y] = [CLOCK.x + 28 * Math.sin(angle), CLOCK.y - 28 * Math.cos(angle)];
  p.limb(CLOCK.x, CLOCK.y, 2, x, y, 1.2, CLOCK_HAND);
}

function restore(from: readonly Uint8Array[], to: readonly Uint8Array[], strides: readonly number[]): void {
  for (let p = 0; p < 3; p++) {
    const [columns, rows] = p === 0 ? [WIDTH, HEIGHT] : [WIDTH / 2, HEIGHT / 2];
    const stride = strides[p]!;
    if (stride === columns) to[p]!.set(from[p]!);
    else for (let y = 0; y < rows; y++) to[p]!.set(from[p]!.subarray(y * columns, (y + 1) * columns), y * stride);
  }
}
