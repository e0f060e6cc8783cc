import type { RgbPicture } from '../../picture.js';
import type { Homography, Quad } from '../quad.js';
import { compare } from './compare.js';
import { findKeypoints } from './keypoints.js';
import { type Bounds, halved, lumaWithin, smoothed } from './luma.js';
import { mapsBetween, seenAs } from './match.js';
import { type PhotoViews, viewsOf } from './views.js';

/** A sign that was known again by its photo. */
export interface PhotoMatch {
  /** Corners of the photo in the picture, px. */
  readonly corners: Quad;
  /** Takes the photo's pixels to the picture's. */
  readonly map: Homography;
  /** Share of what the photo shows that is there, 0 to 1. */
  readonly agreement: number;
  /** Share of the sign that something else is seen in place of, 0 to 1. */
  readonly hidden: number;
}

/** Pixels that corners are looked for in: a 1080p picture is shrunk to 1152 columns. */
const MAX_AREA = 1152 * 648;
/** Corners of a picture, and of it at half its size, where near signs are. */
const MOST = 1400;
const MOST_OF_HALF = 400;
/** It is the sign where so many blocks of the photo are seen, and they are so large a share of those that show something. */
const LEAST_SEEN = 8;
const LEAST_SHARE = 0.45;
/** A photo with fewer corners, over all its views, cannot be known again. */
const LEAST_CORNERS = 150;

/** The photo of a sign, to know the sign again by. Keeps the photo, which is no secret; of pictures it keeps nothing. */
export class SignPhoto {
  readonly #photo: RgbPicture;
  readonly #views: PhotoViews;

  private constructor(photo: RgbPicture, views: PhotoViews) {
    this.#photo = photo;
    this.#views = views;
  }

  /** @param photo the sign from the front, edge to edge. Null: it shows too little (an even board) to be known again */
  static of(photo: RgbPicture): SignPhoto | null {
    const views = viewsOf(photo);
    return views.count < LEAST_CORNERS ? null : new SignPhoto(photo, views);
  }

  /** The sign in a picture. @param bounds where it can hang, px; left out: anywhere */
  find(picture: RgbPicture, bounds: Bounds = [0, 0, picture.width, picture.height]): PhotoMatch | null {
    const [left, top, right, bottom] = bounds;
    const scale = Math.min(1, Math.sqrt(MAX_AREA / ((right - left) * (bottom - top))));
    const [width, height] = [Math.round((right - left) * scale), Math.round((bottom - top) * scale)];
    if (width < 2 || height < 2) return null;
    const luma = smoothed(lumaWithin(picture, bounds, width, height));
    const half = smoothed(halved(luma));
    const maps = [
      ...mapsBetween(this.#photo, this.#views, findKeypoints(luma, MOST)),
      ...mapsBetween(this.#photo, this.#views, findKeypoints(half, MOST_OF_HALF)).map((map) => scaled(map, 2, 0, 0)),
    ];
    let best: PhotoMatch | null = null;
    for (const map of maps) {
      const found = compare(this.#photo, luma, map);
      if (!found || found.seen < LEAST_SEEN || found.seen < LEAST_SHARE * found.shown) continue;
      const agreement = found.seen / found.shown;
      if (best && agreement <= best.agreement) continue;
      const own = scaled(found.map, 1 / scale, left, top);
      best = { corners: seenAs(own, this.#photo), map: own, agreement, hidden: found.hidden };
    }
    return best;
  }
}

/** A map whose picture is enlarged, then shifted. */
function scaled(m: Homography, by: number, dx: number, dy: number): Homography {
  return m.map((value, i) => (i < 3 ? value * by + dx * m[6 + i]! : i < 6 ? value * by + dy * m[3 + i]! : value));
}
