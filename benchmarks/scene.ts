import { DEFAULT_PADDING_PX, type Zone, type ZoneStyle } from '../src/zones/zone.js';
import { startCamera, type TestCamera } from '../tests/support/camera.js';
import { CANARY_FPS, type CanaryOptions, makeCanary } from '../tests/support/canary.js';
import { type SiteCamera, TestGateway } from '../tests/support/gateway.js';

/** What the camera sends and what is made of it: the same for everyone who is measured. */
export const SIZE = [1920, 1080] as const;
export const FPS = CANARY_FPS;
export const BITRATE = 4_000_000;
/** Pictures from keyframe to keyframe: 2 s. */
export const GOP = 2 * FPS;

/** Seconds until the clip begins again: two frames with one number are further apart than any delay. */
export const CLIP_SECONDS = 12;

/** The zone, px of the picture: 600x500, over most of the clip's moving pattern. */
const ZONE = { left: 420, top: 290, width: 600, height: 500 } as const;

/** What the zone comes to with its padding: what peers hide, so that all encode the same picture. */
export const HIDDEN = {
  left: ZONE.left - DEFAULT_PADDING_PX,
  top: ZONE.top - DEFAULT_PADDING_PX,
  width: ZONE.width + 2 * DEFAULT_PADDING_PX,
  height: ZONE.height + 2 * DEFAULT_PADDING_PX,
} as const;

/** The zone as the site file writes it. Of a kind that may have any style. */
export const benchZone = (style: ZoneStyle = 'solid'): Zone => {
  const [width, height] = SIZE;
  const [left, right] = [ZONE.left / width, (ZONE.left + ZONE.width) / width];
  const [top, bottom] = [ZONE.top / height, (ZONE.top + ZONE.height) / height];
  const polygon = [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ] as const;
  return { id: 'zone', kind: 'private', polygon, action: 'mask', style, padding: DEFAULT_PADDING_PX };
};

/** Real footage with the frame's number painted in, as a file that cameras loop. */
export const makeClip = (change: Partial<CanaryOptions> = {}): Promise<string> =>
  makeCanary({ size: SIZE, seconds: CLIP_SECONDS, gop: GOP, bitrate: BITRATE, ...change });

/** A camera that sends the clip at /cam0, /cam1 ...: one mount for each who pulls it. */
export const startClipCamera = async (mounts: number, port?: number): Promise<TestCamera> =>
  startCamera({ file: await makeClip(), mounts, fps: FPS, ...(port ? { port } : {}) });

export const mountUrl = ({ port }: TestCamera, mount: number): string => `rtsp://127.0.0.1:${port}/cam${mount}`;

/** The gateway on these sources, one camera each: `cam0`, `cam1` ... Resolves when all of them are masked. */
export const startMaskingGateway = async (
  sources: readonly string[],
  change: Partial<SiteCamera> = {},
  vision: Readonly<Record<string, unknown>> = { mode: 'off' },
): Promise<TestGateway> => {
  const cameras = sources.map((source, i) => ({
    id: `cam${i}`,
    source,
    zones: [benchZone()],
    output: { bitrate: `${BITRATE / 1_000_000}M` },
    ...change,
  }));
  const gateway = await TestGateway.start({ cameras, vision });
  try {
    for (const { id } of cameras) await gateway.reaches(id, 'masked');
    return gateway;
  } catch (error) {
    await gateway.close();
    throw error;
  }
};
