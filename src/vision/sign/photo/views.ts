import type { RgbPicture } from '../../picture.js';
import { findKeypoints, WORDS } from './keypoints.js';
import { lumaWithin, smoothed } from './luma.js';

/** How long a sign's longer side may be seen, px, a third apart: what is between two is near enough to either. */
const SIDES = [44, 58, 76, 100, 134, 178, 236, 314, 420];
/** How much narrower than from the front: turned away by 0, 40 and 55 degrees. */
const NARROWED = [1, 0.77, 0.57];
/** Corners of one view. */
const MOST = 110;

/** The corners of a sign as it is seen from near and far, from the front and from the side. */
export interface PhotoViews {
  readonly count: number;
  /** Where on the photo, px of it. */
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** Of the view that it was found in: its size over the photo's, across and down. */
  readonly scaleX: Float32Array;
  readonly scaleY: Float32Array;
  readonly descriptors: Uint32Array;
}

/** Takes a photo that shows the sign edge to edge to all its views. */
export function viewsOf(photo: RgbPicture): PhotoViews {
  const longer = Math.max(photo.width, photo.height);
  const views = SIDES.flatMap((side) => NARROWED.map((narrowed) => ({ scale: side / longer, narrowed }))).map(
    ({ scale, narrowed }) => {
      const width = Math.max(8, Math.round(photo.width * scale * narrowed));
      const height = Math.max(8, Math.round(photo.height * scale));
      const luma = smoothed(lumaWithin(photo, [0, 0, photo.width, photo.height], width, height));
      const points = findKeypoints(luma, MOST);
      return { points, scaleX: width / photo.width, scaleY: height / photo.height };
    },
  );
  const count = views.reduce((sum, { points }) => sum + points.count, 0);
  const all = {
    count,
    x: new Float32Array(count),
    y: new Float32Array(count),
    scaleX: new Float32Array(count),
    scaleY: new Float32Array(count),
    descriptors: new Uint32Array(count * WORDS),
  };
  let at = 0;
  for (const { points, scaleX, scaleY } of views) {
    all.descriptors.set(points.descriptors, at * WORDS);
    for (let i = 0; i < points.count; i++, at++) {
      all.x[at] = points.x[i]! / scaleX;
      all.y[at] = points.y[i]! / scaleY;
      all.scaleX[at] = scaleX;
      all.scaleY[at] = scaleY;
    }
  }
  return all;
}
