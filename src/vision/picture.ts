import sharp from 'sharp';
import { PictureError } from './vision-error.js';

/** A picture as models see it. */
export interface RgbPicture {
  readonly width: number;
  readonly height: number;
  /** [height, width, 3], 0..255. */
  readonly data: Uint8Array;
}

/** More pixels than any camera has: what claims more is refused before memory is taken. */
const MAX_PIXELS = 100e6;

/**
 * Decodes a picture file (JPEG, PNG, WebP, GIF's first frame, TIFF, AVIF), turned upright, on black where it is transparent.
 *
 * @param source a path, or the file's bytes
 * @throws PictureError
 */
export async function decodePicture(source: string | Uint8Array): Promise<RgbPicture> {
  try {
    const { data, info } = await sharp(source, { limitInputPixels: MAX_PIXELS, failOn: 'error' })
      .rotate()
      .flatten({ background: '#000' })
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return {
      width: info.width,
      height: info.height,
      data: info.channels === 3 ? data : greyToRgb(data, info.channels),
    };
  } catch (error) {
    const name = typeof source === 'string' ? source : 'the picture';
    const said = error instanceof Error ? error.message : String(error);
    const why = said === 'Unknown error' ? 'it is damaged or cut short' : said;
    throw new PictureError(`${name} cannot be read as a picture: ${why}`, { cause: error });
  }
}

function greyToRgb(data: Uint8Array, channels: number): Uint8Array {
  const rgb = new Uint8Array((data.length / channels) * 3);
  for (let from = 0, to = 0; from < data.length; from += channels, to += 3) rgb.fill(data[from]!, to, to + 3);
  return rgb;
}
