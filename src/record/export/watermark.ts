import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import sharp from 'sharp';

/** Fonts come with the package: a machine may have none. */
const FONT = join(
  dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json')),
  'ttf/DejaVuSans.ttf',
);

/** Shares of the picture that one mark takes. */
const [WIDTH, HEIGHT] = [0.6, 0.06];

/** A picture with a text all over it, so that a cut-out still says who exported it and when. `text` is printable ASCII. */
export const watermark = async (jpeg: Buffer, text: string): Promise<Buffer> => {
  const picture = sharp(jpeg);
  const { width = 1, height = 1 } = await picture.metadata();
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const size = { width: Math.max(1, Math.floor(width * WIDTH)), height: Math.max(1, Math.floor(height * HEIGHT)) };
  const mark = await sharp({
    text: {
      text: `<span foreground="#ffffffb0" background="#00000070">${escaped}</span>`,
      font: 'DejaVu Sans',
      fontfile: FONT,
      rgba: true,
      ...size,
    },
  })
    .png()
    .toBuffer();
  // What the renderer made larger than the picture is made to fit.
  const fitted = await sharp(mark).resize({ width, height, fit: 'inside', withoutEnlargement: true }).png().toBuffer();
  return picture
    .composite([{ input: fitted, tile: true }])
    .jpeg({ quality: 90 })
    .toBuffer();
};
