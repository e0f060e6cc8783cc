import { expect } from 'vitest';
import { type CameraOptions, hasCamera, startCamera, type TestCamera } from './camera.js';
import { type CanaryOptions, joinCanaries } from './canary.js';
import { gatewayPorts, isBuilt, type SiteCamera, streamUrl, TestGateway } from './gateway.js';
import { countLeaks, type LeakCount, type SeenPicture } from './leaks.js';
import { isMissing } from './peer.js';
import { Recorder } from './recorder.js';

/** Why scenarios cannot be played here, for `describe.skipIf`. */
export const cannotPlay = (): boolean =>
  isMissing('ffmpeg') || (process.env.VEILGATE_REQUIRE !== 'all' && !(hasCamera() && isBuilt()));

/** How often what depends on chance is repeated: `VEILGATE_LEAKS=long` (npm run leaks) asks for many times. */
export const ROUNDS = process.env.VEILGATE_LEAKS === 'long' ? 10 : 1;

/** Of one scenario, for `describe`: generous, since the machine's cores are shared, and as long as it is repeated. */
export const TIMEOUT = { timeout: ROUNDS * 120_000 };

/** One camera of a scenario. */
export interface Part extends Omit<SiteCamera, 'id' | 'source'> {
  readonly id?: string;
  /** What the camera plays over and over: one clip, or several in a row. */
  readonly clip?: CanaryOptions | readonly CanaryOptions[];
  readonly camera?: CameraOptions;
  /** What is between the camera and the gateway: gets the camera's address, gives the one that the gateway is told. */
  readonly via?: (url: string) => Promise<string>;
  /** Of the whole gateway: where it keeps its files. */
  readonly storage?: string;
  /** Of the whole gateway: whether raw pictures may be shown. */
  readonly commissioning?: boolean;
}

/** A camera that plays a canary clip, and the client that records what the gateway makes of it. */
interface PlayedPart {
  camera: TestCamera;
  readonly options: CameraOptions & { readonly file: string };
  readonly recorder: Recorder;
  readonly cells: number | undefined;
}

/**
 * A scenario: cameras that show the pattern, a gateway in front of them, and for each camera a client that records from before the
 * gateway is there until the end.
 */
export class Stage implements AsyncDisposable {
  readonly #parts = new Map<string, PlayedPart>();
  /** What ends with the scenario, in the order in which it began. */
  readonly #open: AsyncDisposable[] = [];
  #gateway: TestGateway | null = null;

  private constructor() {}

  static async open(...parts: readonly Part[]): Promise<Stage> {
    const stage = new Stage();
    try {
      await stage.#set(parts);
      return stage;
    } catch (error) {
      await stage[Symbol.asyncDispose]();
      throw error;
    }
  }

  async #set(parts: readonly Part[]): Promise<void> {
    const ports = await gatewayPorts();
    const cameras: SiteCamera[] = [];
    for (const part of parts) {
      const { id = 'cam', clip = {}, camera: more = {}, via = async (url: string) => url, ...rest } = part;
      const { storage: _, commissioning: __, ...site } = rest;
      const clips = 'length' in clip ? clip : [clip];
      const options = { file: await joinCanaries(clips), codec: clips[0]?.codec ?? 'h264', ...more };
      const camera = this.#use(await startCamera(options));
      const recorder = this.#use(await Recorder.start(streamUrl(ports, id)));
      this.#parts.set(id, { camera, options, recorder, cells: clips[0]?.cells });
      cameras.push({ id, source: await via(camera.url), ...site });
    }
    const storage = parts.find((part) => part.storage)?.storage;
    const commissioning = parts.some((part) => part.commissioning) || undefined;
    const more = { ...(storage && { storage }), ...(commissioning && { commissioning }) };
    this.#gateway = this.#use(await TestGateway.start({ cameras, ports, ...more }));
  }

  get gateway(): TestGateway {
    if (!this.#gateway) throw new Error('the gateway of the scenario did not start');
    return this.#gateway;
  }

  camera(id = 'cam'): TestCamera {
    return this.#part(id).camera;
  }

  /** Path of what a camera plays. */
  clip(id = 'cam'): string {
    return this.#part(id).options.file;
  }

  recorder(id = 'cam'): Recorder {
    return this.#part(id).recorder;
  }

  /** Ends a camera. */
  async unplug(id = 'cam'): Promise<void> {
    await this.#part(id).camera.close();
  }

  /** Starts a camera again where it was, perhaps with another clip. */
  async plug(clip?: CanaryOptions, id = 'cam'): Promise<void> {
    const part = this.#part(id);
    const { port } = part.camera;
    const other = clip ? { file: await joinCanaries([clip]), codec: clip.codec ?? 'h264' } : {};
    part.camera = this.#use(await startCamera({ ...part.options, ...other, port }));
  }

  /** Waits until clients were handed so many further pictures (slates do not count). */
  async plays(count: number, id = 'cam'): Promise<void> {
    const { gateway } = this;
    const handed = (): Promise<number> => gateway.metric('veilgate_frames_out_total', { camera: id });
    const before = await handed();
    await gateway.eventually(`hand on ${count} pictures of ${id}`, async () =>
      (await handed()) >= before + count ? true : undefined,
    );
  }

  /** Ends the recording and looks at every picture of it. */
  pictures(id = 'cam'): Promise<SeenPicture[]> {
    const { recorder, cells } = this.#part(id);
    return recorder.pictures(cells ? { cells } : {});
  }

  /** Ends the recording: not one picture shows the pattern, and at least `fresh` were live ones. */
  async showsNoLeak(fresh: number, id = 'cam'): Promise<LeakCount> {
    const pictures = await this.pictures(id);
    expectNoLeak(pictures, fresh, id);
    return countLeaks(pictures);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const thing of this.#open.splice(0).reverse()) await thing[Symbol.asyncDispose]();
  }

  #use<T extends AsyncDisposable>(thing: T): T {
    this.#open.push(thing);
    return thing;
  }

  #part(id: string): PlayedPart {
    const part = this.#parts.get(id);
    if (!part) throw new Error(`the scenario has no camera ${id}`);
    return part;
  }
}

/** Not one picture shows the pattern, and at least `fresh` were live ones. */
export function expectNoLeak(pictures: readonly SeenPicture[], fresh: number, name: string): void {
  const count = countLeaks(pictures);
  const leak = pictures[count.firstLeak];
  const seen = leak ? `${leak.painted} painted samples, chequer ${leak.chequer.toFixed(1)}, frame ${leak.code}` : '';
  expect(count.leaked, `${name}: of ${count.frames} pictures, the first at ${count.firstLeak}: ${seen}`).toBe(0);
  expect(count.fresh, `${name}: live pictures among ${count.frames}`).toBeGreaterThanOrEqual(fresh);
}
