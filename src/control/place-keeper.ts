import type { CameraConfig } from '../config/site.js';
import type { Journal } from '../record/journal.js';
import type { Logger } from '../rtsp/logger.js';
import { isProhibitedKind } from '../zones/zone.js';
import { GatewayError } from './gateway-api.js';
import { checkRelease, type PlaceLatch, type PlaceLatches, type Release } from './place-latch.js';

/** What is known of one camera's place before anybody looked at it. */
type DeclaredPlace = Pick<CameraConfig, 'id' | 'place'>;

/**
 * Which cameras are withheld for their place: it was declared to be prohibited, or recognised as such, and two people have not said
 * otherwise since.
 */
export class PlaceKeeper {
  readonly #latches: PlaceLatches;
  readonly #journal: Journal;
  readonly #logger: Logger;
  /** Cameras of which two people said that their place is none that is prohibited. */
  readonly #released = new Set<string>();

  constructor(latches: PlaceLatches, { journal, logger }: { readonly journal: Journal; readonly logger: Logger }) {
    this.#latches = latches;
    this.#journal = journal;
    this.#logger = logger;
  }

  /**
   * Why a camera is withheld for its place: declared so, now or once, or recognised; and not released since. What was declared is kept
   * like what was recognised: the site file is edited by one person, and it takes two to show such a place.
   */
  async heed({ id, place }: DeclaredPlace): Promise<PlaceLatch | null> {
    const latch = await this.#latches.read(id);
    if (isProhibitedKind(place) && (latch === null || latch.released !== null || latch.declared !== place)) {
      this.#released.delete(id);
      return this.#latches.close(id, `The site file names a ${place}.`, place).catch((error: unknown) => {
        this.#warn(id, error);
        return this.#latches.read(id);
      });
    }
    if (latch?.released) this.#released.add(id);
    return latch?.released === null ? latch : null;
  }

  /** A place was recognised as prohibited. Never rejects: withheld it is already, and stays until a restart at least. */
  async close(camera: string, evidence: string): Promise<void> {
    await this.#latches.close(camera, evidence).catch((error: unknown) => this.#warn(camera, error));
  }

  /** Two people said that this place is none. */
  isReleased(camera: string): boolean {
    return this.#released.has(camera);
  }

  /** Whether it was declared or recognised as prohibited, and not released since. */
  async isLatched(camera: string): Promise<boolean> {
    const latch = await this.#latches.read(camera);
    return latch !== null && latch.released === null;
  }

  /** Whether nothing of the place may be shown to anybody. */
  async isClosed({ id, place }: DeclaredPlace): Promise<boolean> {
    return isProhibitedKind(place) || this.isLatched(id);
  }

  /** Throws GatewayError `not-withheld`, `declared-prohibited` where there is nothing that people could release. */
  async checkReleasable(camera: DeclaredPlace): Promise<void> {
    await this.#releasable(camera);
  }

  /**
   * Two different people say that a place which was recognised as prohibited is none; the release holds for this view. A place that is
   * declared so is not released. Throws GatewayError `not-withheld`, `declared-prohibited`; VeilgateError `one-person`, `no-reason`, and
   * what the journal throws: what cannot be recorded is not released.
   */
  async release(camera: DeclaredPlace, release: Release): Promise<void> {
    const latch = await this.#releasable(camera);
    const { by: actor, approvedBy, reason } = release;
    checkRelease(release);
    await this.#journal.record({ kind: 'release', actor, camera: camera.id, data: { reason, approvedBy } });
    await this.#latches.release(latch, release);
    this.#released.add(camera.id);
  }

  /** The camera looks at another place: a release of the one before says nothing of it. */
  viewMoved(camera: string): void {
    if (this.#released.delete(camera)) void this.#latches.forget(camera);
  }

  async #releasable({ id, place }: DeclaredPlace): Promise<PlaceLatch> {
    if (isProhibitedKind(place))
      throw new GatewayError(
        'declared-prohibited',
        `Camera "${id}" is declared to be in a ${place}. Where that is wrong, correct "place" in the site file first.`,
      );
    const latch = await this.#latches.read(id);
    if (!latch || latch.released)
      throw new GatewayError('not-withheld', `Camera "${id}" is not withheld for its place.`);
    return latch;
  }

  #warn(camera: string, error: unknown): void {
    this.#logger.warn({ camera, error: String(error) }, 'that a place is prohibited could not be kept');
  }
}
