import { spawn } from 'node:child_process';
import type { Size } from '../../src/zones/zone.js';
import { AT, FPS, type Tamper } from './tampers.js';

/** Luma planes of a clip, frame by frame, through FFmpeg's filters; each may be written to. */
export async function* lumaFrames(path: string, size: Size, filter = 'null', args: readonly string[] = []) {
  const graph = `scale=${size.width}:${size.height},${filter},scale=${size.width}:${size.height},format=gray`;
  const child = spawn('ffmpeg', ['-nostdin', '-v', 'fatal', ...args, '-i', path, '-vf', graph, '-f', 'rawvideo', '-'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const bytes = size.width * size.height;
  let kept = Buffer.alloc(0);
  try {
    for await (const chunk of child.stdout) {
      kept = Buffer.concat([kept, chunk as Buffer]);
      while (kept.length >= bytes) {
        yield kept.subarray(0, bytes);
        kept = kept.subarray(bytes);
      }
    }
  } finally {
    child.kill();
  }
}

/** A clip at `FPS` from a moment on, tampered with from frame `AT` on. @param other where another camera's pictures come from */
export async function* tampered(
  path: string,
  size: Size,
  tamper: Pick<Tamper, 'filter' | 'paint' | 'isSwap'>,
  {
    from = 0,
    seconds = 7,
    other = path,
  }: { readonly from?: number; readonly seconds?: number; readonly other?: string } = {},
) {
  const args = ['-ss', String(from), '-t', String(seconds), '-r', String(FPS)];
  let n = 0;
  for await (const frame of lumaFrames(path, size, tamper.filter, args)) {
    if (tamper.isSwap && n === AT) break;
    if (n >= AT) tamper.paint?.(frame, size, n - AT);
    yield frame;
    n++;
  }
  if (tamper.isSwap) yield* lumaFrames(other, size, tamper.filter, ['-ss', '3', '-t', '4', '-r', String(FPS)]);
}
