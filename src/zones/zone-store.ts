import { VeilgateError } from '../errors.js';
import type { ZoneRevision } from './revision.js';

/** Keeps the zone revisions of each camera: the truth about what is in force. */
export interface ZoneStore {
  /**
   * Every revision of the camera, oldest first; empty where there never was one.
   * @throws ZoneStoreError `zone-store-corrupt` (withhold the camera as `config-invalid`), `zone-store-unavailable`
   */
  history(camera: string): Promise<readonly ZoneRevision[]>;
  /** The newest revision, or null where there never was one. Throws like `history`. */
  current(camera: string): Promise<ZoneRevision | null>;
  /**
   * Adds the next revision; once it resolves, the revision survives a power cut.
   * @throws ZoneStoreError as above, and `zone-store-conflict` where its number is not the next one: somebody was faster
   */
  append(revision: ZoneRevision): Promise<void>;
}

export type ZoneStoreErrorCode = 'zone-store-corrupt' | 'zone-store-conflict' | 'zone-store-unavailable';

export class ZoneStoreError extends VeilgateError {
  declare readonly code: ZoneStoreErrorCode;

  constructor(code: ZoneStoreErrorCode, message: string, options?: ErrorOptions) {
    super(code, message, options);
  }
}
