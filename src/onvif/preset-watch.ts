import { describePosition, standsAt } from './position.js';
import { type Preset, PtzCamera } from './ptz-camera.js';

/** A preset may be set anew on the camera: it is asked for again this often, ms. */
const PRESET_AGAIN_MS = 60_000;

/** It must be found at its preset so often in a row before it is shown again: one answer may be of the moment before it left. */
const PROOF = 2;

/** What zones are bound to. */
export interface PresetBinding {
  /** Address of the ONVIF device service, with user and password. */
  readonly service: string;
  /** Name or token. */
  readonly preset: string;
  /** Of pan, tilt and zoom, in the camera's units. */
  readonly tolerance: number;
  /** Between questions, ms. */
  readonly everyMs: number;
}

/** null: the camera stands at its preset. Otherwise why it may not be shown, in words. */
export type Standing = string | null;

/**
 * Asks a camera again and again whether it stands at the preset that its zones were drawn at. Elsewhere, on the way, or silent: it
 * does not, until it said twice that it does.
 */
export class PresetWatch {
  readonly #binding: PresetBinding;
  readonly #changed: (standing: Standing) => void;
  #camera: PtzCamera | null = null;
  #preset: Preset | null = null;
  #presetAt = 0;
  #proofs = 0;
  #standing: Standing | undefined;
  #timer: NodeJS.Timeout | null = null;
  #closed = false;

  /** @param changed called with the first answer and whenever it is another one */
  constructor(binding: PresetBinding, changed: (standing: Standing) => void) {
    this.#binding = binding;
    this.#changed = changed;
  }

  start(): void {
    void this.#round();
  }

  close(): void {
    this.#closed = true;
    if (this.#timer) clearTimeout(this.#timer);
  }

  async #round(): Promise<void> {
    const standing = await this.#ask().catch((error: unknown) => {
      // Connected anew: its services may have moved with a restart.
      this.#camera = null;
      this.#preset = null;
      return error instanceof Error ? error.message : String(error);
    });
    if (this.#closed) return;
    this.#proofs = standing === null ? this.#proofs + 1 : 0;
    if (standing !== null || this.#proofs >= PROOF) this.#tell(standing);
    this.#timer = setTimeout(() => void this.#round(), this.#binding.everyMs);
  }

  async #ask(): Promise<Standing> {
    const { service, preset: name, tolerance } = this.#binding;
    this.#camera ??= await PtzCamera.connect(service);
    if (!this.#preset || performance.now() - this.#presetAt > PRESET_AGAIN_MS) {
      this.#preset = await this.#camera.preset(name);
      this.#presetAt = performance.now();
    }
    const aim = await this.#camera.aim();
    if (standsAt(aim, this.#preset.position, tolerance)) return null;
    const where = describePosition(this.#preset.position);
    if (aim.isMoving) return `the camera is being turned; its zones hold at preset "${name}" (${where})`;
    return `the camera looks at ${describePosition(aim.position)}; its zones hold at preset "${name}" (${where})`;
  }

  #tell(standing: Standing): void {
    if (standing === this.#standing) return;
    this.#standing = standing;
    this.#changed(standing);
  }
}
