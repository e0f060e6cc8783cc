import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { joinAnnexB, splitAnnexB } from '../../src/rtsp/payload/annexb.js';
import type { StreamDescription, VideoCodec } from '../../src/rtsp/published-stream.js';

const run = promisify(execFile);

/** A coded picture of a clip: Annex B, without its place in time. */
export interface ClipPicture {
  readonly data: Buffer;
  readonly keyframe: boolean;
}

/** A real encoder's output, cut into pictures. */
export interface Clip {
  readonly description: StreamDescription & { readonly frameRate: number };
  readonly pictures: readonly ClipPicture[];
}

export interface ClipOptions {
  readonly codec?: VideoCodec;
  readonly size?: `${number}x${number}`;
  readonly frameRate?: number;
  readonly seconds?: number;
  /** Pictures from keyframe to keyframe. */
  readonly gop?: number;
  /** Bits a second; noise is added to the picture so that they are used. */
  readonly bitrate?: number;
  /** Grey, as slates are. */
  readonly grey?: boolean;
}

const NAL_TYPES = {
  h264: { typeOf: (first: number) => first & 0x1f, delimiter: 9, sets: [7, 8], isKey: (type: number) => type === 5 },
  h265: {
    typeOf: (first: number) => (first >> 1) & 0x3f,
    delimiter: 35,
    sets: [32, 33, 34],
    isKey: (type: number) => type >= 16 && type <= 23,
  },
} as const;

/** Encodes a moving test picture with the ffmpeg command line: no B-frames, parameter sets with each keyframe. */
export const encodeClip = async (options: ClipOptions = {}): Promise<Clip> => {
  const { codec = 'h264', size = '640x360', frameRate = 25, seconds = 4, gop = frameRate, bitrate, grey } = options;
  const library = codec === 'h264' ? 'libx264' : 'libx265';
  const parameters = `aud=1:repeat-headers=1:keyint=${gop}:min-keyint=${gop}:scenecut=0:bframes=0`;
  const quiet = codec === 'h265' ? ':log-level=none' : '';
  const source = `testsrc2=size=${size}:rate=${frameRate}:duration=${seconds}${grey ? ',hue=s=0' : ''}`;
  const noise = bitrate ? ['-vf', 'noise=alls=20:allf=t', '-b:v', String(bitrate), '-maxrate', String(bitrate)] : [];
  const { stdout } = await run(
    'ffmpeg',
    // biome-ignore format: a command line reads better in pairs
    [
      '-nostdin', '-v', 'error', '-f', 'lavfi', '-i', source, ...noise, ...(bitrate ? ['-bufsize', String(bitrate)] : []),
      '-pix_fmt', 'yuv420p', '-c:v', library, '-preset', 'ultrafast', '-tune', 'zerolatency',
      `-${library.slice(3)}-params`, parameters + quiet, '-f', codec === 'h264' ? 'h264' : 'hevc', '-',
    ],
    { encoding: 'buffer', maxBuffer: 256 * 1024 * 1024 },
  );
  const [width, height] = size.split('x').map(Number) as [number, number];
  const { pictures, parameterSets } = cut(stdout, codec);
  return { description: { codec, parameterSets, width, height, frameRate }, pictures };
};

/** Cuts a stream with access unit delimiters. */
const cut = (stream: Buffer, codec: VideoCodec): { pictures: ClipPicture[]; parameterSets: Buffer[] } => {
  const { typeOf, delimiter, sets, isKey } = NAL_TYPES[codec];
  const units: Buffer[][] = [];
  for (const nal of splitAnnexB(stream)) {
    if (typeOf(nal[0]!) === delimiter) units.push([]);
    else units.at(-1)!.push(nal);
  }
  const parameterSets = units[0]!.filter((nal) => (sets as readonly number[]).includes(typeOf(nal[0]!)));
  const pictures = units.map((nals) => ({
    data: joinAnnexB(nals),
    keyframe: nals.some((nal) => isKey(typeOf(nal[0]!))),
  }));
  return { pictures, parameterSets };
};
