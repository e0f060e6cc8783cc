import { machineClock } from '../../camera/commission/grant.js';
import { VeilgateError } from '../../errors.js';

/** Looks at one camera in any second: the console takes one and a half, and a few more a second would be a film. */
export const LOOKS_A_SECOND = 2;

/** Somebody looks faster than zones are drawn. Code `too-many-looks`. */
export class TooManyLooks extends VeilgateError {
  /** When another look may be had, seconds. */
  readonly retryAfterS = 1;

  constructor(camera: string) {
    super(
      'too-many-looks',
      `Camera "${camera}" is looked at ${LOOKS_A_SECOND} times a second at most. Ask again in a second.`,
    );
  }
}

/** Bounds how often pictures are had that are not masked as viewers see them, per camera, whoever asks and however often a box is opened. */
export class LookPace {
  /** When each camera was looked at in the last second, `machineClock`. */
  readonly #lately = new Map<string, readonly number[]>();

  /** Counts a look. Throws {@link TooManyLooks}. @param camera one that exists: each is remembered */
  take(camera: string): void {
    const now = machineClock();
    const lately = (this.#lately.get(camera) ?? []).filter((at) => now - at < 1000);
    if (lately.length >= LOOKS_A_SECOND) throw new TooManyLooks(camera);
    this.#lately.set(camera, [...lately, now]);
  }
}
