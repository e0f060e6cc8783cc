import type { CameraConfig } from '../config/site.js';
import type { Journal } from '../record/journal.js';
import { sha256 } from '../record/sign-attestations.js';
import type { Logger } from '../rtsp/logger.js';
import type { AcceptedView, ViewStanding, ViewStore } from '../zones/view-store.js';
import type { CameraControl } from './camera-control.js';
import type { KnownView } from './camera-setup.js';

/** Who took a view for the one that the zones were drawn on, and when. */
type Acceptance = Pick<AcceptedView, 'acceptedBy' | 'acceptedAt'>;

/** Where a view that is kept is the one that is guarded. */
const STANDS: ReadonlySet<ViewStanding> = new Set(['accepted', 'uniform']);

/** Who takes a view where no person did. */
const NOBODY = 'first stable view';

/** Keeps the views that cameras' zones were drawn on, with a masked picture of each, and who accepted them. */
export class ViewKeeper {
  readonly #store: ViewStore;
  readonly #journal: Journal;
  readonly #logger: Logger;
  /** Of the cameras that run; null: none is taken, or it is being learned. */
  readonly #accepted = new Map<string, Acceptance | null>();
  /** Who took the view that is being learned. */
  readonly #takenBy = new Map<string, string>();

  constructor(store: ViewStore, { journal, logger }: { readonly journal: Journal; readonly logger: Logger }) {
    this.#store = store;
    this.#journal = journal;
    this.#logger = logger;
  }

  accepted(camera: string): Acceptance | null {
    return this.#accepted.get(camera) ?? null;
  }

  /** What a camera is to be started with. What cannot be read stands for a view that only a person can replace. */
  async known({ id, guard }: Pick<CameraConfig, 'id' | 'guard'>): Promise<KnownView> {
    try {
      const kept = await this.#store.read(id);
      this.#accepted.set(id, kept && { acceptedBy: kept.acceptedBy, acceptedAt: kept.acceptedAt });
      return { view: kept?.view ?? null, mayLearn: guard.accept === 'auto' };
    } catch (error) {
      this.#logger.warn({ camera: id, error: String(error) }, 'the accepted view cannot be read');
      return { view: null, mayLearn: false };
    }
  }

  /** A person wants the present view in place of the accepted one, which is to be learned next. */
  async giveUp(camera: string, by: string): Promise<void> {
    // Forgotten before it is learned anew: a crash in between asks again, and never compares with the view that was given up.
    await this.#store.forget(camera);
    this.#takenBy.set(camera, by);
    this.#accepted.set(camera, null);
  }

  /** Whether a person took the view that is being learned. */
  isWanted(camera: string): boolean {
    return this.#takenBy.has(camera);
  }

  /** The camera's worker took a view for the accepted one. Never rejects: what cannot be kept is learned again after a restart. */
  async learned(control: CameraControl, view: string): Promise<void> {
    const { id } = control;
    try {
      const picture = await control.maskedPicture();
      const acceptedAt = new Date().toISOString();
      const acceptedBy = this.#takenBy.get(id) ?? NOBODY;
      await this.#store.write({
        camera: id,
        view,
        acceptedBy,
        acceptedAt,
        picture: picture?.toString('base64') ?? null,
        pictureRevision: picture && control.zones.revision,
      });
      this.#accepted.set(id, { acceptedBy, acceptedAt });
      const data = { view: sha256(Buffer.from(view, 'base64')), picture: picture && sha256(picture) };
      this.#journal.note({ kind: 'view-accepted', actor: acceptedBy, camera: id, data });
    } catch (error) {
      this.#logger.warn({ camera: id, error: String(error) }, 'the accepted view could not be kept');
    }
  }

  /** The masked picture of the accepted view, as JPEG; null where none was kept, or the zones have changed since and no new one comes. */
  async picture(control: CameraControl): Promise<Buffer | null> {
    const kept = await this.#store.read(control.id);
    const { revision } = control.zones;
    if (!kept || revision === 0) return null;
    if (kept.picture !== null && kept.pictureRevision === revision) return Buffer.from(kept.picture, 'base64');
    // A picture of before would show what later zones hide: another one is taken, of the view that is still the accepted one.
    const picture = STANDS.has(control.status.viewStanding) ? await control.maskedPicture() : null;
    if (picture) await this.#store.write({ ...kept, picture: picture.toString('base64'), pictureRevision: revision });
    return picture;
  }

  /** The camera runs no more; what is kept on disk stays. */
  forget(camera: string): void {
    this.#accepted.delete(camera);
    this.#takenBy.delete(camera);
  }
}
