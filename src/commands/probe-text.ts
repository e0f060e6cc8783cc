import type { PictureFacts } from '../camera/first-pictures.js';
import type { FileProfile } from '../camera/ingest/describe-file.js';
import type { OfferedMedia, SourceProfile } from '../rtsp/describe.js';
import type { ProbeReport } from './probe-report.js';

/** Columns that names take. */
const NAME_WIDTH = 16;

/** A report for a person: the source, then a fact a line. */
export function formatProbe({ source, offer, picture, problem }: ProbeReport): string {
  const facts = [...factsOf(offer), pictureFact(picture, problem)];
  const lines = facts.map(([name, value]) => `  ${name.padEnd(NAME_WIDTH)}${value}`);
  // A control character in what a source says of itself could move a terminal's cursor.
  return [source, ...lines].map((line) => `${line.replace(/\p{C}/gu, '?')}\n`).join('');
}

type Fact = readonly [name: string, value: string];

function factsOf(offer: ProbeReport['offer']): Fact[] {
  switch (offer.kind) {
    case 'rtsp':
      return rtspFacts(offer.profile);
    case 'file':
      return fileFacts(offer.profile);
    case 'demo':
      return [['scene', 'drawn here, without a codec']];
  }
}

function rtspFacts({ server, authentication, methods, name, medias, video, problem }: SourceProfile): Fact[] {
  const taken = video
    ? medias.findIndex(({ type, encodings }) => type === 'video' && isCodec(encodings, video.codec))
    : -1;
  return [
    ['server', server ?? 'does not say'],
    ['authentication', authentication],
    ['methods', methods.join(' ') || 'does not say'],
    ...(name === '' ? [] : [['name', name] as const]),
    ...medias.map(
      (media, index): Fact => [media.type, `${describeMedia(media)}; ${fate(media.type, index === taken)}`],
    ),
    ...(problem === null ? [] : [['problem', problem] as const]),
  ];
}

const RTP_NAMES: Readonly<Record<string, readonly string[]>> = {
  h264: ['H264'],
  h265: ['H265', 'HEVC'],
  mjpeg: ['JPEG'],
};

const isCodec = (encodings: readonly string[], codec: string): boolean =>
  encodings.some((encoding) => RTP_NAMES[codec]?.includes(encoding.toUpperCase()));

const describeMedia = ({ encodings, profile, framerate, control }: OfferedMedia): string =>
  [encodings.join(', '), profile, framerate === null ? null : `${framerate} fps`, control]
    .filter((part) => part !== null && part !== '')
    .join(', ');

function fileFacts({ container, durationMs, streams }: FileProfile): Fact[] {
  return [
    ['container', container],
    ['length', durationMs === null ? 'does not say' : `${(durationMs / 1000).toFixed(1)} s`],
    ...streams.map(({ type, codec, bitrate, size, isTaken }): Fact => {
      const parts = [codec, size && `${size.width}x${size.height}`, bitrate && `${Math.round(bitrate / 1000)} kb/s`];
      return [type, `${parts.filter(Boolean).join(', ')}; ${fate(type, isTaken)}`];
    }),
  ];
}

const fate = (type: string, isTaken: boolean): string => {
  if (isTaken) return 'would be taken';
  return type === 'audio' ? 'never taken: sound is not set up' : 'never taken';
};

function pictureFact(picture: PictureFacts | null, problem: string | null): Fact {
  if (!picture) return ['picture', problem ?? 'none'];
  const { codec, width, height, pixelFormat, fullRange, interlaced, fps } = picture;
  const [across, down] = picture.pixelAspectRatio;
  const parts = [
    `${width}x${height}`,
    codec,
    pixelFormat,
    fullRange ? 'full range' : 'studio range',
    fps === null ? 'frame rate unknown' : `${Number(fps.toFixed(2))} fps`,
    interlaced ? 'interlaced' : null,
    across === down ? null : `pixels ${across}:${down}`,
  ];
  return ['picture', parts.filter((part) => part !== null).join(', ')];
}
