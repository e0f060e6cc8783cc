import { ClipRgb, clipFrames } from '../../camera/clip.js';
import { decodePicture, type RgbPicture } from '../../vision/picture.js';
import type { CheckedItem } from '../dataset/check-dataset.js';

/** One picture of a file. */
export interface TimedPicture {
  readonly picture: RgbPicture;
  /** Seconds. */
  readonly at: number;
  /** Number of the frame; null of a still picture. */
  readonly frame: number | null;
}

/**
 * The pictures of a file that are to be looked at: the one of a still picture; of a clip those that `wanted` picks, by time and number.
 */
export async function* picturesOf(
  item: CheckedItem,
  path: string,
  wanted: (at: number, frame: number) => boolean,
): AsyncGenerator<TimedPicture, void> {
  if (item.kind === 'still') {
    yield { picture: await decodePicture(path), at: 0, frame: null };
    return;
  }
  using rgb = new ClipRgb();
  for await (const { index, at, frame } of clipFrames(path))
    if (wanted(at, index)) yield { picture: rgb.convert(frame), at, frame: index };
}

/** Picks a frame every so many seconds, the first one included. */
export const every = (seconds: number): ((at: number) => boolean) => {
  let next = 0;
  return (at) => {
    if (at < next - 1e-6) return false;
    next = at + seconds;
    return true;
  };
};
