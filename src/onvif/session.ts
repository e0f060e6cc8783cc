import { Cam } from 'onvif';

/** Each answer may take so long, ms: a camera in the same building needs 50. */
const ANSWER_MS = 2000;

/** @param service address of the device service, with user and password where it wants them */
export const camAt = (service: string): { readonly cam: Cam; readonly address: string } => {
  const url = new URL(service);
  const useSecure = url.protocol === 'https:';
  const cam = new Cam({
    hostname: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port) || (useSecure ? 443 : 80),
    path: url.pathname,
    username: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    useSecure,
    timeout: ANSWER_MS,
    // Behind an address translation a camera names itself by an address that cannot be reached.
    preserveAddress: true,
    autoconnect: false,
  });
  // It tells of faults of parts that are not asked for, and an 'error' that nobody hears ends the process.
  cam.on('error', () => undefined);
  return { cam, address: url.host };
};

export type OnvifCallback = (error: Error | null, value?: unknown, xml?: string) => void;

export interface OnvifAnswer<T> {
  readonly value: T | undefined;
  readonly xml: string;
}

/** One question. The library may throw from within an answer that makes no sense to it, or never come back. Rejects with why. */
export const onvifAnswer = <T>(ask: (done: OnvifCallback) => void): Promise<OnvifAnswer<T>> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('no answer')), 3 * ANSWER_MS);
    try {
      ask((error, value, xml) => {
        clearTimeout(timer);
        if (error) reject(error);
        else resolve({ value: value as T | undefined, xml: xml ?? '' });
      });
    } catch (error) {
      clearTimeout(timer);
      reject(error as Error);
    }
  });
