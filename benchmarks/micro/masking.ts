import type { Bench } from 'tinybench';
import { fillBlurred } from '../../src/masking/blur.js';
import { measureCells } from '../../src/masking/cells.js';
import { Masker } from '../../src/masking/masked-frame.js';
import type { Picture } from '../../src/masking/picture.js';
import { fillCells } from '../../src/masking/pixelate.js';
import { compileMask, type MaskLayer } from '../../src/masking/plan.js';
import { rasterize } from '../../src/masking/raster.js';
import { verifyMask } from '../../src/masking/self-test.js';
import { fillSolid } from '../../src/masking/solid.js';
import { DEFAULT_PADDING_PX, type Point, type Zone, type ZoneStyle } from '../../src/zones/zone.js';

const [WIDTH, HEIGHT] = [1920, 1080];

/** 600x500 pixels of 1080p, away from the borders. */
const RECTANGLE: readonly Point[] = [
  [400 / WIDTH, 300 / HEIGHT],
  [1000 / WIDTH, 300 / HEIGHT],
  [1000 / WIDTH, 800 / HEIGHT],
  [400 / WIDTH, 800 / HEIGHT],
];
const STAR: readonly Point[] = Array.from({ length: 1000 }, (_, i) => {
  const angle = (i / 1000) * 2 * Math.PI;
  const radius = i % 2 === 0 ? 0.4 : 0.3;
  return [0.5 + radius * Math.cos(angle), 0.5 + radius * Math.sin(angle)];
});

const zone = (style: ZoneStyle): Zone => ({
  id: style,
  kind: 'private',
  polygon: RECTANGLE,
  action: 'mask',
  style,
  padding: DEFAULT_PADDING_PX,
});

function randomPicture(): Picture {
  // Planes of a decoder are Buffers over memory outside the heap; so are these.
  const plane = (width: number, height: number) => ({
    data: Buffer.from(new ArrayBuffer(width * height)).map(() => Math.random() * 256),
    stride: width,
  });
  const [luma, u, v] = [plane(WIDTH, HEIGHT), plane(WIDTH / 2, HEIGHT / 2), plane(WIDTH / 2, HEIGHT / 2)];
  return { width: WIDTH, height: HEIGHT, fullRange: false, planes: [luma, u, v] };
}

/** What masking costs: compiling a plan, each style on a 600x500 zone of a 1080p picture, the self-test. */
export function addMasking(bench: Bench): void {
  const picture = randomPicture();
  const plans = {
    solid: compileMask([zone('solid')], WIDTH, HEIGHT, false),
    pixelate: compileMask([zone('pixelate')], WIDTH, HEIGHT, false),
    blur: compileMask([zone('blur')], WIDTH, HEIGHT, false),
  };
  const layerOf = <S extends ZoneStyle>(style: S) => plans[style].layers[0] as Extract<MaskLayer, { style: S }>;
  const [solid, pixelated, blurred] = [layerOf('solid'), layerOf('pixelate'), layerOf('blur')];
  const masker = new Masker(picture, () => picture.planes);
  const load = (): undefined => undefined;
  bench
    .add('rasterize, 4 points', () => rasterize(RECTANGLE, WIDTH, HEIGHT, DEFAULT_PADDING_PX))
    .add('rasterize, 1000 points', () => rasterize(STAR, WIDTH, HEIGHT, DEFAULT_PADDING_PX))
    .add('compile a mask of one zone', () => compileMask([zone('solid')], WIDTH, HEIGHT, false))
    .add('solid: fill', () => fillSolid(solid.spans, picture))
    .add('pixelate: means', () => measureCells(pixelated.grid, picture))
    .add('pixelate: fill', () => fillCells(pixelated.spans, pixelated.grid, picture))
    .add('blur: means', () => measureCells(blurred.grid, picture))
    .add('blur: fill', () => fillBlurred(blurred.spans, blurred.grid, blurred.line, picture));
  for (const style of ['solid', 'pixelate', 'blur'] as const) {
    const mask = () => {
      masker.load(load);
      masker.mask(plans[style]);
    };
    bench.add(`${style}: verify`, () => verifyMask(plans[style], picture.planes), { beforeAll: mask });
    bench.add(`${style}: whole frame, poisoned, masked, verified`, mask);
  }
}
