/**
 * A short-lived process that paints and encodes slates: gets the orders in one message, sends the stills back in one, ends. It
 * never sees a camera's pixels; the video engine and the text renderer stay out of control's memory.
 */
import sharp from 'sharp';
import { Masker } from '../masking/masked-frame.js';
import { compileMask } from '../masking/plan.js';
import { AVCOL_UNSPECIFIED } from './colour.js';
import { Canvas } from './decode/canvas.js';
import { Encoder } from './encode/encoder.js';
import { encodeJpeg } from './encode/jpeg.js';
import { quietEngineLog } from './engine-log.js';
import { type Font, slateFonts } from './slate-fonts.js';
import type { PaintedSlate, SlateOrder } from './slate-order.js';

/** Studio-range grey of a slate's ground, luma. */
const GROUND = 40;

/** How much lighter the text is, luma. */
const TEXT = 180;

/** Shares of the picture's height that the two lines and the mark take. */
const HEADLINE_SHARE = 0.09;
const SENTENCE_SHARE = 0.04;
const MARK_SHARE = 0.028;

/** A slate's bit rate is of no account: a few keyframes. bits/s for H.265, the quantiser for H.264. */
const SLATE_BITRATE = 2_000_000;
const SLATE_QP = 22;

quietEngineLog();
// Whoever ordered is gone, or has what was ordered: nobody takes slates any more.
process.once('disconnect', () => process.exit());
process.once('message', (orders) => {
  paintAll(orders as readonly SlateOrder[]).then(
    (painted) => process.send!(painted, hangUp),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exitCode = 1;
      hangUp();
    },
  );
});

function hangUp(): void {
  if (process.connected) process.disconnect();
}

async function paintAll(orders: readonly SlateOrder[]): Promise<PaintedSlate[]> {
  const painted: PaintedSlate[] = [];
  for (const order of orders) painted.push(encodeStill(order, await renderText(order)));
  return painted;
}

/** The slate's luma, `[height, width]` uint8. */
async function renderText({ language, headline, sentence, width, height }: SlateOrder): Promise<Buffer> {
  const fonts = slateFonts(language);
  const lines = [
    { ...(await textMask(headline, fonts.headline, height * HEADLINE_SHARE, width)), at: 0.42 },
    { ...(await textMask(sentence, fonts.sentence, height * SENTENCE_SHARE, width)), at: 0.56 },
    { ...(await textMask('veilgate', fonts.sentence, height * MARK_SHARE, width)), at: 0.92 },
  ];
  const luma = Buffer.alloc(width * height, GROUND);
  for (const line of lines) {
    const left = Math.max(0, (width - line.width) >> 1);
    const top = Math.max(0, Math.round(height * line.at - line.height / 2));
    for (let y = 0; y < line.height && top + y < height; y++)
      for (let x = 0; x < line.width && left + x < width; x++)
        luma[(top + y) * width + left + x] = GROUND + (TEXT * line.alpha[y * line.width + x]!) / 255;
  }
  return luma;
}

interface TextMask {
  /** `[height, width]` uint8 coverage. */
  readonly alpha: Buffer;
  readonly width: number;
  readonly height: number;
}

/** A line of text `px` high, narrower than the picture. */
async function textMask(text: string, font: Font, px: number, maxWidth: number): Promise<TextMask> {
  const image = sharp({
    text: { text, fontfile: font.file, font: font.name, rgba: true, dpi: Math.max(24, Math.round(px * 6)) },
  });
  const meta = await image.metadata();
  const width = Math.min(Math.round(maxWidth * 0.9), meta.width);
  const { data, info } = await image
    .resize({ width })
    .ensureAlpha()
    .extractChannel(3)
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { alpha: data, width: info.width, height: info.height };
}

function encodeStill(order: SlateOrder, luma: Buffer): PaintedSlate {
  const { width, height, codec } = order;
  using canvas = new Canvas(width, height, false);
  const masker = new Masker(canvas, () => canvas.freshPlanes());
  // A slate is a picture with nothing to hide: a plan without zones.
  const plan = compileMask([], width, height, false);
  using encoder = new Encoder({
    codec,
    format: { width, height, fullRange: false, sampleAspectRatio: { num: 1, den: 1 }, ...AVCOL_UNSPECIFIED },
    fps: 5,
    bitrate: SLATE_BITRATE,
    qp: SLATE_QP,
    hardware: false,
  });
  const keyframes: Buffer[] = [];
  let jpeg: Buffer = Buffer.alloc(0);
  for (let turn = 0; turn < 2; turn++) {
    masker.load((picture) => {
      const [y, u, v] = picture.planes;
      for (let row = 0; row < height; row++) y.data.set(luma.subarray(row * width, (row + 1) * width), row * y.stride);
      u.data.fill(128);
      v.data.fill(128);
    });
    const masked = masker.mask(plan);
    encoder.encode(masked, turn * 18_000, true, ({ data }) => keyframes.push(data));
    jpeg = encodeJpeg(masked);
  }
  return { order, keyframes: [keyframes[0]!, keyframes[1]!], jpeg };
}
