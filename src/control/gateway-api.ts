import { VeilgateError } from '../errors.js';
import type { Attestation } from '../record/sign-attestations.js';
import type { WantedZones, ZoneRevision } from '../zones/revision.js';
import type { AcceptedView } from '../zones/view-store.js';
import type { ZoneSet } from '../zones/zone.js';
import type { CameraStatus } from './camera-status.js';
import type { MinutePoint } from './minute-history.js';
import type { Release } from './place-latch.js';
import type { SignStatus } from './sign-keeper.js';
import type { PendingZones } from './zone-keeper.js';

/** A camera as the API shows it. */
export interface CameraView extends CameraStatus {
  readonly place: string;
  /** Redacted. */
  readonly sourceUrl: string;
  readonly zones: ZoneSet;
  readonly unmasked: string | null;
  readonly pendingZones: PendingZones | null;
  readonly sign: SignStatus | null;
  /** Who took the view that the zones were drawn on, and when; null: none is taken, or it was long ago. */
  readonly view: Pick<AcceptedView, 'acceptedBy' | 'acceptedAt'> | null;
}

/** What routes, commands and checks may do with a gateway. */
export interface GatewayApi {
  cameras(): CameraView[];
  /** Throws GatewayError `unknown-camera`. */
  camera(id: string): CameraView;
  /**
   * Puts zones in force on a person's word. Resolves once the first packet masked with them is out, or nothing older can get out.
   * Throws GatewayError `unknown-camera`.
   */
  acceptZones(id: string, wanted: WantedZones, by: string): Promise<ZoneRevision>;
  /** Accepts what the site file says, and the present shape of the picture. */
  acceptFile(id: string, by: string): Promise<ZoneRevision>;
  zoneHistory(id: string): Promise<readonly ZoneRevision[]>;
  /** A camera's last day, by the minute. */
  history(id: string): readonly MinutePoint[];
  /** JPEG, masked or the slate. */
  snapshot(id: string): Promise<Buffer>;
  /**
   * The masked picture of the view that the zones were accepted on, as JPEG; null where none may be shown: none was kept, its place is
   * prohibited, an operator withholds it, or the zones have changed since and no new one comes. Throws GatewayError `unknown-camera`.
   */
  usualView(id: string): Promise<Buffer | null>;
  /**
   * Takes a person's word on a sign that no camera sees; its photo was read and kept already.
   * Throws GatewayError `unknown-camera`, `photo-missing`.
   */
  attestSign(id: string, attestation: Attestation, by: string): Promise<void>;
  /**
   * The whole picture in coarse blocks, also while it is withheld, as JPEG; null where none comes. Throws GatewayError `unknown-camera`,
   * and where nobody is to see more than viewers do `place-prohibited`, `withheld-by-operator`.
   */
  coarsePicture(id: string): Promise<Buffer | null>;
  /** Withholds a stream on an operator's word, or ends that. */
  withhold(id: string, withheld: boolean, by: string): Promise<void>;
  /** Throws GatewayError `unknown-camera`, `not-withheld`, `declared-prohibited` where there is nothing that people could release. */
  checkReleasable(id: string): Promise<void>;
  /** Two different people say that a place which was recognised as prohibited is none. */
  releasePlace(id: string, release: Release): Promise<void>;
}

export class GatewayError extends VeilgateError {}
