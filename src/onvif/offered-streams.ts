import { MAX_ADDRESS, MAX_NAME, MAX_STREAMS, type OfferedStream } from './scouting.js';
import { camAt, onvifAnswer } from './session.js';

/**
 * The streams that a camera offers. Rejects with why where it does not tell.
 *
 * @param service address of its device service, with user and password
 */
export const offeredStreams = async (service: string): Promise<readonly OfferedStream[]> => {
  const { cam } = camAt(service);
  // The clock first: passwords are sent digested with the camera's own time.
  await onvifAnswer((done) => cam.getSystemDateAndTime(done));
  await onvifAnswer((done) => cam.getServices(done)).catch(() => onvifAnswer((done) => cam.getCapabilities(done)));
  const { value: profiles } = await onvifAnswer<readonly RawProfile[]>((done) => cam.getProfiles(done));
  const streams: OfferedStream[] = [];
  for (const profile of (profiles ?? []).slice(0, MAX_STREAMS)) {
    const profileToken = String(profile.$?.token ?? '');
    const { value } = await onvifAnswer<{ readonly uri?: unknown }>((done) =>
      cam.getStreamUri({ protocol: 'RTSP', profileToken }, done),
    );
    const url = withoutCredentials(String(value?.uri ?? ''));
    if (url === null) continue;
    const { encoding, resolution, rateControl } = profile.videoEncoderConfiguration ?? {};
    streams.push({
      name: String(profile.name ?? profileToken).slice(0, MAX_NAME),
      url,
      codec: encoding === undefined ? null : String(encoding).slice(0, MAX_NAME),
      width: numberOrNull(resolution?.width),
      height: numberOrNull(resolution?.height),
      fps: numberOrNull(rateControl?.frameRateLimit),
    });
  }
  if (streams.length === 0) throw new Error('it offers no RTSP stream');
  return streams;
};

interface RawProfile {
  readonly $?: { readonly token?: unknown };
  readonly name?: unknown;
  readonly videoEncoderConfiguration?: {
    readonly encoding?: unknown;
    readonly resolution?: { readonly width?: unknown; readonly height?: unknown };
    readonly rateControl?: { readonly frameRateLimit?: unknown };
  };
}

/** null for what is no RTSP address. Some cameras write the password that they were asked with into it. */
const withoutCredentials = (text: string): string | null => {
  if (text.length > MAX_ADDRESS || !/^rtsps?:\/\//i.test(text) || !URL.canParse(text)) return null;
  return text.replace(/^(rtsps?:\/\/)[^/?#]*@/i, '$1');
};

const numberOrNull = (value: unknown): number | null => {
  const number = Number(value);
  return Number.isFinite(number) && number > 0 ? number : null;
};
