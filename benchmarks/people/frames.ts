import { spawn } from 'node:child_process';
import type { RgbPicture } from '../../src/vision/picture.js';

/** Frames of a clip as RGB, in its own size. @param args of FFmpeg, before the input */
export async function* rgbFrames(path: string, width: number, height: number, args: readonly string[] = []) {
  const child = spawn(
    'ffmpeg',
    ['-nostdin', '-v', 'fatal', ...args, '-i', path, '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const bytes = width * height * 3;
  let kept = Buffer.alloc(0);
  try {
    for await (const chunk of child.stdout) {
      kept = Buffer.concat([kept, chunk as Buffer]);
      while (kept.length >= bytes) {
        yield { width, height, data: Buffer.from(kept.subarray(0, bytes)) } satisfies RgbPicture;
        kept = kept.subarray(bytes);
      }
    }
  } finally {
    child.kill();
  }
}

/** A part of a picture. Pixels. */
export function cut(picture: RgbPicture, left: number, top: number, width: number, height: number): RgbPicture {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * picture.width + left) * 3;
    data.set(picture.data.subarray(from, from + width * 3), y * width * 3);
  }
  return { width, height, data };
}
