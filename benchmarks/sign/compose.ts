import sharp from 'sharp';
import type { RgbPicture } from '../../src/vision/picture.js';
import { fromUnitSquare, type Point, project, type Quad } from '../../src/vision/sign/quad.js';
import { CHINESE_FONTS, COLOURS, LATIN_FONTS } from './designs.js';
import { Random } from './random.js';

/** How a sign is shown. */
export interface Showing {
  /** Height of the main line's writing, px, seen from the front. */
  readonly textHeight: number;
  /** Degrees that the sign is turned away, about its upright axis. */
  readonly angle: number;
  /** Deviation of the blur, px. */
  readonly blur: number;
  /** Share of the main line that something hides. */
  readonly occlusion: number;
  /** Share of the whole sign that something hides. */
  readonly covered: number;
  /** Of full light. */
  readonly light: number;
}

export const PLAIN: Showing = { textHeight: 28, angle: 0, blur: 0, occlusion: 0, covered: 0, light: 1 };

/** Neither easy nor hard: what a sign well placed looks like. */
export const usualShowing = (random: Random, over: Partial<Showing>): Showing => ({
  ...PLAIN,
  textHeight: random.between(20, 48),
  angle: random.between(0, 40),
  blur: random.between(0, 0.8),
  light: random.between(0.45, 1.1),
  ...over,
});

export const WIDTH = 1280;
export const HEIGHT = 720;
/** Writing is drawn so high, and brought to its size in perspective. */
const DRAWN_HEIGHT = 72;
/** Focal length, px: a lens of about 65 degrees. */
const FOCAL = 1000;

/** A sign as it hangs, from the front. */
export interface Panel {
  readonly width: number;
  readonly height: number;
  /** `[height, width, 4]` */
  readonly data: Uint8Array;
  /** Left, top, right, bottom of the main line. */
  readonly main: readonly [number, number, number, number];
}

async function drawLine(text: string, font: string, colour: string, height: number) {
  const { data, info } = await sharp({
    text: { text: `<span foreground="${colour}">${text}</span>`, font: `${font} 48`, dpi: 144, rgba: true },
  })
    .resize({ height: Math.round(height) })
    .png()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

/** What is drawn in half of the signs, white paper of 100 x 100. */
const PICTOGRAMS = {
  camera:
    '<path d="M8 30 L70 18 L80 48 L18 62 Z"/><path d="M82 26 L96 22 L98 36 L86 40 Z"/><rect x="38" y="58" width="10" height="28"/><rect x="20" y="84" width="46" height="10"/>',
  barred:
    '<path d="M50 4 A46 46 0 1 0 50.1 4 Z M50 14 A36 36 0 1 1 49.9 14 Z" fill-rule="evenodd"/><path d="M20 28 L28 20 L80 72 L72 80 Z"/>',
};

export async function drawPanel(
  lines: readonly string[],
  random: Random,
  pictogram: keyof typeof PICTOGRAMS = 'camera',
): Promise<Panel> {
  const { ground, ink } = random.pick(COLOURS);
  const hasChinese = lines.some((line) => /\p{Script=Han}/u.test(line));
  const font = random.pick(hasChinese ? CHINESE_FONTS : LATIN_FONTS);
  const drawn = await Promise.all(
    lines.map((line, i) => drawLine(line, font, ink, i === 0 ? DRAWN_HEIGHT : DRAWN_HEIGHT * 0.5)),
  );
  const margin = Math.round(DRAWN_HEIGHT * random.between(0.35, 0.8));
  const gap = Math.round(DRAWN_HEIGHT * 0.4);
  const icon = random.next() < 0.5 ? Math.round(DRAWN_HEIGHT * 1.6) : 0;
  const width = Math.max(icon, ...drawn.map((line) => line.width)) + 2 * margin;
  const height = drawn.reduce((sum, line) => sum + line.height + gap, 0) - gap + 2 * margin + (icon ? icon + gap : 0);
  let top = margin;
  const layers: sharp.OverlayOptions[] = [];
  if (random.next() < 0.5) {
    const frame = `<svg width="${width}" height="${height}"><rect x="8" y="8" width="${width - 16}" height="${height - 16}" rx="14" fill="none" stroke="${ink}" stroke-width="6"/></svg>`;
    layers.push({ input: Buffer.from(frame), left: 0, top: 0 });
  }
  if (icon) {
    const drawing = `<svg width="${icon}" height="${icon}" viewBox="0 0 100 100"><g fill="${ink}">${PICTOGRAMS[pictogram]}</g></svg>`;
    layers.push({ input: Buffer.from(drawing), left: Math.round((width - icon) / 2), top });
    top += icon + gap;
  }
  const main: [number, number, number, number] = [0, 0, 0, 0];
  drawn.forEach((line, i) => {
    const left = Math.round((width - line.width) / 2);
    if (i === 0) main.splice(0, 4, left, top, left + line.width, top + line.height);
    layers.push({ input: line.data, left, top });
    top += line.height + gap;
  });
  const data = await sharp({ create: { width, height, channels: 4, background: ground } })
    .composite(layers)
    .raw()
    .toBuffer();
  return { width, height, data, main };
}

/** Where a panel's corners are seen: turned by `yaw`, tilted and rolled a little, as far away as makes it `scale` big. */
function pose(panel: Panel, scale: number, yaw: number, pitch: number, roll: number, centre: Point): Quad {
  const [w, h] = [(panel.width * scale) / 2, (panel.height * scale) / 2];
  const corner = (u: number, v: number): Point => {
    const [x0, y0] = [u * w * Math.cos(roll) - v * h * Math.sin(roll), u * w * Math.sin(roll) + v * h * Math.cos(roll)];
    const [x1, z1] = [x0 * Math.cos(yaw), x0 * Math.sin(yaw)];
    const [y2, z2] = [y0 * Math.cos(pitch) - z1 * Math.sin(pitch), y0 * Math.sin(pitch) + z1 * Math.cos(pitch)];
    const near = FOCAL / (FOCAL + z2);
    return [centre[0] + x1 * near, centre[1] + y2 * near];
  };
  return [corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1)];
}

/** The inverse of a projective map. */
function inverse(m: readonly number[]): number[] {
  const [a, b, c, d, e, f, g, h, i] = m as [number, number, number, number, number, number, number, number, number];
  return [
    e * i - f * h,
    c * h - b * i,
    b * f - c * e,
    f * g - d * i,
    a * i - c * g,
    c * d - a * f,
    d * h - e * g,
    b * g - a * h,
    a * e - b * d,
  ];
}

/** Samples a pixel's side is divided into where the panel is pasted. */
const SAMPLES = 4;

function paste(picture: RgbPicture, panel: Panel, quad: Quad): void {
  const back = inverse(fromUnitSquare(quad));
  const xs = quad.map(([x]) => x);
  const ys = quad.map(([, y]) => y);
  for (let y = Math.max(0, Math.floor(Math.min(...ys))); y < Math.min(picture.height, Math.max(...ys)); y++) {
    for (let x = Math.max(0, Math.floor(Math.min(...xs))); x < Math.min(picture.width, Math.max(...xs)); x++) {
      let [red, green, blue, weight] = [0, 0, 0, 0];
      for (let j = 0; j < SAMPLES; j++) {
        for (let i = 0; i < SAMPLES; i++) {
          const [u, v] = project(back, x + (i + 0.5) / SAMPLES, y + (j + 0.5) / SAMPLES);
          if (u < 0 || u >= 1 || v < 0 || v >= 1) continue;
          const at = (Math.floor(v * panel.height) * panel.width + Math.floor(u * panel.width)) * 4;
          red += panel.data[at]!;
          green += panel.data[at + 1]!;
          blue += panel.data[at + 2]!;
          weight++;
        }
      }
      const at = (y * picture.width + x) * 3;
      const rest = SAMPLES * SAMPLES - weight;
      picture.data[at] = (red + picture.data[at]! * rest) / (SAMPLES * SAMPLES);
      picture.data[at + 1] = (green + picture.data[at + 1]! * rest) / (SAMPLES * SAMPLES);
      picture.data[at + 2] = (blue + picture.data[at + 2]! * rest) / (SAMPLES * SAMPLES);
    }
  }
}

/** Covers the given share of a line or sign with what lies elsewhere in the scene: a plant, a person, a shelf before the sign. */
function hide(picture: RgbPicture, scene: RgbPicture, line: Quad, share: number, random: Random): void {
  if (share === 0) return;
  const from = random.between(0, 1 - share);
  const map = fromUnitSquare(line);
  const back = inverse(map);
  const [dx, dy] = [Math.round(random.between(200, 900)), Math.round(random.between(100, 500))];
  const xs = line.map(([x]) => x);
  const ys = line.map(([, y]) => y);
  const room = (Math.max(...ys) - Math.min(...ys)) * 0.5;
  for (
    let y = Math.max(0, Math.floor(Math.min(...ys) - room));
    y < Math.min(picture.height, Math.max(...ys) + room);
    y++
  ) {
    for (let x = Math.max(0, Math.floor(Math.min(...xs))); x < Math.min(picture.width, Math.max(...xs)); x++) {
      const [u] = project(back, x, y);
      if (u < from || u > from + share) continue;
      const to = (y * picture.width + x) * 3;
      const at = (((y + dy) % picture.height) * picture.width + ((x + dx) % picture.width)) * 3;
      for (let channel = 0; channel < 3; channel++) picture.data[to + channel] = scene.data[at + channel]! * 0.7;
    }
  }
}

/** A sensor's noise, deviation 1: read from anywhere on. */
const NOISE = (() => {
  const random = new Random(16);
  return Float32Array.from({ length: 99_991 }, () => random.normal());
})();

/** The scene's file at the frame's size. */
export async function openScene(path: string): Promise<RgbPicture> {
  const data = await sharp(path)
    .resize(WIDTH, HEIGHT, { fit: 'cover', kernel: 'cubic' })
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer();
  return { width: WIDTH, height: HEIGHT, data };
}

export interface Composed {
  readonly picture: RgbPicture;
  /** The main line, px. */
  readonly line: Quad;
  /** The whole sign, px. */
  readonly sign: Quad;
}

/** A new sign that says `lines` hangs in a scene. */
export const compose = async (
  scene: RgbPicture,
  lines: readonly string[],
  showing: Showing,
  random: Random,
): Promise<Composed> => hang(scene, await drawPanel(lines, random), showing, random);

/** A sign that hangs in a scene: pasted in perspective, lit, blurred, partly hidden, with a sensor's noise, as a JPEG brought it. */
export async function hang(scene: RgbPicture, panel: Panel, showing: Showing, random: Random): Promise<Composed> {
  const scale = showing.textHeight / DRAWN_HEIGHT;
  const radians = (degrees: number) => (degrees * Math.PI) / 180;
  const yaw = radians(showing.angle) * (random.next() < 0.5 ? -1 : 1);
  const pitch = radians(random.between(-10, 10));
  const roll = radians(random.between(-4, 4));
  const [halfWidth, halfHeight] = [(panel.width * scale) / 2, (panel.height * scale) / 2];
  const place = (size: number, half: number) =>
    2 * half >= size - 40 ? size / 2 : random.between(half + 20, size - half - 20);
  const quad = pose(panel, scale, yaw, pitch, roll, [place(WIDTH, halfWidth), place(HEIGHT, halfHeight)]);
  const picture = { ...scene, data: Uint8Array.from(scene.data) };
  paste(picture, panel, quad);
  const map = fromUnitSquare(quad);
  const [l, t, r, b] = panel.main;
  const at = (x: number, y: number) => project(map, x / panel.width, y / panel.height);
  const line: Quad = [at(l, t), at(r, t), at(r, b), at(l, b)];
  hide(picture, scene, line, showing.occlusion, random);
  hide(picture, scene, quad, showing.covered, random);
  const grain = random.between(1, 4);
  const slope = random.between(-0.25, 0.25) * showing.light;
  let seen = sharp(picture.data, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } });
  if (showing.blur > 0) seen = seen.blur(Math.max(0.3, showing.blur));
  const lit = await seen.raw().toBuffer();
  let noise = Math.floor(random.next() * NOISE.length);
  for (let y = 0, i = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const light = showing.light + slope * (x / WIDTH - 0.5);
      for (let channel = 0; channel < 3; channel++, i++) {
        noise = (noise + 7) % NOISE.length;
        lit[i] = Math.max(0, Math.min(255, lit[i]! * light + grain * NOISE[noise]!));
      }
    }
  }
  const jpeg = await sharp(lit, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
    .jpeg({ quality: Math.round(random.between(60, 92)) })
    .toBuffer();
  const { data } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true });
  return { picture: { width: WIDTH, height: HEIGHT, data }, line, sign: quad };
}

/** What somebody with a telephone makes of a sign: cut out by hand, 1.5 % off at each side, lit unevenly, as a JPEG of middling quality. */
export async function photograph(panel: Panel, random: Random): Promise<RgbPicture> {
  const off = (size: number) => Math.round(size * random.between(0, 0.015));
  const [left, top] = [off(panel.width), off(panel.height)];
  const [width, height] = [panel.width - left - off(panel.width), panel.height - top - off(panel.height)];
  const raw = { width: panel.width, height: panel.height, channels: 4 as const };
  const slope = random.between(-0.15, 0.15);
  const lit = await sharp(panel.data, { raw })
    .removeAlpha()
    .extract({ left, top, width, height })
    .blur(0.8)
    .raw()
    .toBuffer();
  for (let i = 0; i < lit.length; i++)
    lit[i] = Math.min(255, lit[i]! * (0.85 + slope * ((Math.floor(i / 3) % width) / width - 0.5)) + 6 * random.next());
  const jpeg = await sharp(lit, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 80 })
    .toBuffer();
  return { width, height, data: await sharp(jpeg).raw().toBuffer() };
}
