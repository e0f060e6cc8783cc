import type { Cam } from 'onvif';
import { VeilgateError } from '../errors.js';
import type { Aim, Position } from './position.js';
import { camAt, type OnvifAnswer, type OnvifCallback, onvifAnswer } from './session.js';

/** `ptz-unreachable`, `ptz-no-preset`, `ptz-no-position`. */
export class PtzError extends VeilgateError {}

/** A preset as the camera keeps it. */
export interface Preset {
  readonly token: string;
  readonly position: Position;
}

/** Asks a camera over ONVIF (profile S, PTZ service) where it looks. It is never told to move. */
export class PtzCamera {
  readonly #cam: Cam;
  readonly #address: string;
  /** Token of the media profile through which it is turned. */
  readonly #profile: string;

  private constructor(cam: Cam, address: string, profile: string) {
    this.#cam = cam;
    this.#address = address;
    this.#profile = profile;
  }

  /** @param service address of the device service, with user and password @throws PtzError `ptz-unreachable` */
  static async connect(service: string): Promise<PtzCamera> {
    const { cam, address } = camAt(service);
    // The clock first: passwords are sent digested with the camera's own time. Not `connect`, which wants more than is needed here.
    await asked(address, (done) => cam.getSystemDateAndTime(done));
    await asked(address, (done) => cam.getServices(done)).catch(() =>
      asked(address, (done) => cam.getCapabilities(done)),
    );
    const { value } = await asked<readonly RawProfile[]>(address, (done) => cam.getProfiles(done));
    const profile = value?.find((its) => its.PTZConfiguration)?.$?.token;
    if (profile === undefined)
      throw new PtzError(
        'ptz-no-position',
        `The camera at ${address} offers no PTZ: it cannot be turned. Remove "ptz".`,
      );
    return new PtzCamera(cam, address, String(profile));
  }

  /** @param name or token @throws PtzError */
  async preset(name: string): Promise<Preset> {
    const { value } = await asked<Record<string, RawPreset>>(this.#address, (done) =>
      this.#cam.getPresets({ profileToken: this.#profile }, done),
    );
    const presets = Object.values(value ?? {});
    const preset = presets.find(({ $, name: its }) => String(its) === name || String($?.token) === name);
    if (!preset) {
      const known = presets.map(({ $, name: its }) => String(its ?? $?.token)).join(', ') || 'none';
      throw new PtzError('ptz-no-preset', `The camera at ${this.#address} has no preset "${name}"; it has: ${known}.`);
    }
    const position = positionOf(preset.PTZPosition);
    if (!position)
      throw new PtzError(
        'ptz-no-position',
        `The camera at ${this.#address} does not tell where its preset "${name}" is, so zones cannot be bound to it. Remove "ptz".`,
      );
    return { token: String(preset.$?.token), position };
  }

  /** @throws PtzError */
  async aim(): Promise<Aim> {
    const { value, xml } = await asked<RawStatus>(this.#address, (done) =>
      this.#cam.getStatus({ profileToken: this.#profile }, done),
    );
    // The library takes a position that was not told for the middle.
    const isTold = /<(?:[\w-]+:)?(?:PanTilt|Zoom)\s/.test(xml);
    const { x, y, zoom } = value?.position ?? {};
    const position = { pan: Number(x), tilt: Number(y), zoom: Number(zoom) };
    if (!isTold || !Object.values(position).every(Number.isFinite))
      throw new PtzError('ptz-no-position', `The camera at ${this.#address} does not tell where it looks.`);
    const moving = [value?.moveStatus?.panTilt, value?.moveStatus?.zoom];
    return { position, isMoving: moving.some((status) => status === 'MOVING') };
  }
}

interface RawVector {
  readonly panTilt?: { readonly $?: { readonly x?: unknown; readonly y?: unknown } };
  readonly zoom?: { readonly $?: { readonly x?: unknown } };
}

interface RawProfile {
  readonly $?: { readonly token?: unknown };
  readonly PTZConfiguration?: unknown;
}

interface RawPreset {
  readonly $?: { readonly token?: unknown };
  readonly name?: unknown;
  readonly PTZPosition?: RawVector;
}

interface RawStatus {
  readonly position?: { readonly x?: unknown; readonly y?: unknown; readonly zoom?: unknown };
  readonly moveStatus?: { readonly panTilt?: unknown; readonly zoom?: unknown };
}

/** Cameras without zoom, or without pan and tilt, leave that part out: it never changes. */
function positionOf(vector: RawVector | undefined): Position | null {
  if (!vector?.panTilt?.$ && !vector?.zoom?.$) return null;
  const position = {
    pan: Number(vector.panTilt?.$?.x ?? 0),
    tilt: Number(vector.panTilt?.$?.y ?? 0),
    zoom: Number(vector.zoom?.$?.x ?? 0),
  };
  return Object.values(position).every(Number.isFinite) ? position : null;
}

const asked = <T>(address: string, ask: (done: OnvifCallback) => void): Promise<OnvifAnswer<T>> =>
  onvifAnswer<T>(ask).catch((error: Error) => {
    throw new PtzError(
      'ptz-unreachable',
      `The ONVIF service at ${address} does not tell where the camera looks: ${error.message}`,
    );
  });
