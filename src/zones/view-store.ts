import { VeilgateError } from '../errors.js';

/** The view that a camera's zones were accepted on. */
export interface AcceptedView {
  /** The camera's id. */
  readonly camera: string;
  /** `guard/view-text.ts`'s: edges outside the zones and nothing of their inside, or two numbers of a uniform view. */
  readonly view: string;
  /** A person's name, or `first stable view`. */
  readonly acceptedBy: string;
  /** ISO 8601, UTC. */
  readonly acceptedAt: string;
  /** The masked picture that viewers had of it, JPEG, base64: for a person who asks later what was accepted. null: there was none. */
  readonly picture: string | null;
  /** The zones that the picture was masked with; null where that was not noted. It may be shown while they are in force. */
  readonly pictureRevision: number | null;
}

/**
 * Where the view stands that the zones were drawn on. `learning`: the first stable one is awaited; `uniform`, `unsteady`: nothing can be
 * learned of the present one; `unaccepted`: a person must take one.
 */
export const VIEW_STANDINGS = ['accepted', 'learning', 'uniform', 'unsteady', 'unaccepted'] as const;
export type ViewStanding = (typeof VIEW_STANDINGS)[number];

/** Keeps the accepted view of each camera. */
export interface ViewStore {
  /** null where none was ever accepted. Throws ViewStoreError: it is not known then what was accepted. */
  read(camera: string): Promise<AcceptedView | null>;
  /** Replaces the one before. Throws ViewStoreError. */
  write(view: AcceptedView): Promise<void>;
  /** Throws ViewStoreError. */
  forget(camera: string): Promise<void>;
}

/** `view-store-unreadable`, `view-store-unwritable`. */
export class ViewStoreError extends VeilgateError {}
