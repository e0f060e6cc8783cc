import type { ZonesInForce } from '../camera/messages.js';
import type { CameraConfig } from '../config/site.js';
import type { Journal } from '../record/journal.js';
import type { Logger } from '../rtsp/logger.js';
import { masksLess, type ZoneLoss } from '../zones/coverage.js';
import { sameShape } from '../zones/geometry.js';
import { reconcile } from '../zones/reconcile.js';
import { nextRevision, type WantedZones, type ZoneRevision, zonesDigest } from '../zones/revision.js';
import type { Size } from '../zones/zone.js';
import type { ZoneStore } from '../zones/zone-store.js';

/** Zones of the site file that wait for a person: they mask less than those in force, or could not be recorded. */
export interface PendingZones {
  readonly wanted: WantedZones;
  /** Empty: they mask as much, and wait for a disk that can be written. */
  readonly losses: readonly ZoneLoss[];
}

/** What a camera's zones are. */
export type ZoneStanding =
  | { readonly kind: 'known'; readonly revision: ZoneRevision; readonly pending: PendingZones | null }
  /** The store cannot be read: nothing says what must be hidden. */
  | { readonly kind: 'unreadable'; readonly detail: string };

/**
 * Decides which zones are in force, and keeps the record of it. The store is the truth; the site file seeds it, may mask more, and
 * asks for a person where it masks less.
 */
export class ZoneKeeper {
  readonly #store: ZoneStore;
  readonly #journal: Journal;
  readonly #logger: Logger;
  readonly #now: () => Date;
  readonly #standings = new Map<string, ZoneStanding>();

  constructor(store: ZoneStore, journal: Journal, logger: Logger, now: () => Date) {
    this.#store = store;
    this.#journal = journal;
    this.#logger = logger;
    this.#now = now;
  }

  standing(camera: string): ZoneStanding | undefined {
    return this.#standings.get(camera);
  }

  history(camera: string): Promise<readonly ZoneRevision[]> {
    return this.#store.history(camera);
  }

  /** Compares a camera of the site file with the store, and follows the file as far as it may. */
  async heed(camera: CameraConfig): Promise<ZoneStanding> {
    const standing = await this.#read(camera).catch((error: unknown): ZoneStanding => {
      const detail = error instanceof Error ? error.message : String(error);
      this.#logger.warn({ camera: camera.id, detail }, 'zones cannot be read');
      return { kind: 'unreadable', detail };
    });
    this.#standings.set(camera.id, standing);
    return standing;
  }

  /**
   * Puts a set in force on a person's word, whatever it masks. `shape` is the picture that they accept: this one, the one that was
   * accepted before (`same`), or whatever comes next.
   */
  async accept(
    camera: string,
    wanted: WantedZones,
    by: string,
    source: ZoneRevision['source'],
    shape: Size | 'same' | 'next',
  ): Promise<ZoneRevision> {
    const before = await this.#store.current(camera);
    const geometry = shape === 'same' ? (before?.geometry ?? null) : shape === 'next' ? null : shape;
    const revision = nextRevision(before, {
      camera,
      wanted,
      acceptedBy: by,
      acceptedAt: this.#now(),
      source,
      geometry,
    });
    await this.#keep(before, revision);
    this.#standings.set(camera, { kind: 'known', revision, pending: null });
    this.#logger.info({ camera, revision: revision.revision, by, source }, 'zones accepted');
    return revision;
  }

  /** Takes the shape of the first picture for accepted; returns the new revision, or null where there was a shape already. */
  async learnShape(camera: string, size: Size): Promise<ZoneRevision | null> {
    const standing = this.#standings.get(camera);
    if (standing?.kind !== 'known') return null;
    const { geometry } = standing.revision;
    if (geometry !== null) {
      if (!sameShape(geometry, size)) this.#logger.warn({ camera, geometry, size }, 'the picture has another shape');
      return null;
    }
    const { revision: before, pending } = standing;
    const revision: ZoneRevision = {
      ...before,
      revision: before.revision + 1,
      geometry: size,
      acceptedBy: 'first picture',
      acceptedAt: this.#now().toISOString(),
    };
    // Said before it is written: two pictures must not both be the first.
    this.#standings.set(camera, { kind: 'known', revision, pending });
    await this.#keep(before, revision);
    return revision;
  }

  /** The log first: a change that cannot be recorded does not happen (Regulation, Art. 20 and 24). */
  async #keep(before: ZoneRevision | null, revision: ZoneRevision): Promise<void> {
    const { camera, zones, acceptedBy, source } = revision;
    await this.#journal.record({
      kind: 'zones-accepted',
      actor: acceptedBy,
      camera,
      data: {
        revision: revision.revision,
        source,
        zones: zones.length,
        masksLess: before !== null && masksLess(before.zones, zones).length > 0,
        digest: zonesDigest(revision),
      },
    });
    await this.#store.append(revision);
  }

  async #read({ id, zones, unmasked }: CameraConfig): Promise<ZoneStanding> {
    const wanted = { zones, unmasked };
    const inForce = await this.#store.current(id);
    const verdict = reconcile(inForce, wanted);
    switch (verdict.kind) {
      case 'same':
        return { kind: 'known', revision: verdict.inForce, pending: null };
      case 'seed':
      case 'apply':
        return this.#follow(id, wanted, inForce);
      case 'needs-acceptance': {
        const { losses } = verdict;
        const messages = losses.map((loss) => loss.message);
        this.#journal.note({ kind: 'zones-pending', actor: 'site file', camera: id, data: { losses: messages } });
        this.#logger.warn(
          { camera: id, losses: messages, cure: `veilgate zones accept ${id}` },
          'the site file masks less than is in force; the zones in force stay until a person accepts',
        );
        return { kind: 'known', revision: verdict.inForce, pending: { wanted, losses } };
      }
    }
  }

  /** Puts the site file's set in force. Where it cannot be recorded, the set before stays, if there is one. */
  async #follow(camera: string, wanted: WantedZones, inForce: ZoneRevision | null): Promise<ZoneStanding> {
    const acceptance = { camera, wanted, acceptedBy: 'site file', acceptedAt: this.#now() };
    const revision = nextRevision(inForce, { ...acceptance, source: 'site-file' });
    try {
      await this.#keep(inForce, revision);
    } catch (error) {
      if (inForce === null) throw error;
      const detail = error instanceof Error ? error.message : String(error);
      this.#logger.warn({ camera, detail }, 'zones of the site file cannot be recorded; those in force stay');
      return { kind: 'known', revision: inForce, pending: { wanted, losses: [] } };
    }
    this.#logger.info({ camera, revision: revision.revision }, 'zones of the site file in force');
    return { kind: 'known', revision, pending: null };
  }
}

/** What a worker is told. */
export const zonesInForce = ({ revision, zones, geometry }: ZoneRevision): ZonesInForce => ({
  revision,
  zones,
  shape: geometry,
});
