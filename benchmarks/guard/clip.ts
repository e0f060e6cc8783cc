import { spawn } from 'node:child_process';
import type { Size } from '../../src/zones/zone.js';

/** Luma planes of a clip, frame by frame, through FFmpeg's filters. */
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
