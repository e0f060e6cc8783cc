/** From what the gateway knows to what the API tells: field by field, so that nothing new shows up in an answer unasked. */
import type { z } from 'zod';
import type { CameraView } from '../control/gateway-api.js';
import type { SignStatus } from '../control/sign-keeper.js';
import { SLATE_WORDS } from '../control/slate-words.js';
import { attestedUntil } from '../record/sign-attestations.js';
import { signText } from '../vision/sign/sign-over-time.js';
import type { ZoneLoss } from '../zones/coverage.js';
import type { ZoneRevision } from '../zones/revision.js';
import type { Zone } from '../zones/zone.js';
import type { cameraSchema, cameraZonesSchema, Frozen, zoneRevisionSchema } from './schemas.js';

export type CameraAnswer = Frozen<z.output<typeof cameraSchema>>;
export type CameraZonesAnswer = Frozen<z.output<typeof cameraZonesSchema>>;
export type ZoneRevisionAnswer = Frozen<z.output<typeof zoneRevisionSchema>>;

/** What an answer about a camera needs besides the camera. */
export interface Presenting {
  /** Address of a camera's masked stream. */
  readonly streamAddress: (camera: string) => string;
  /** Removes secrets from what a camera or a library said. */
  readonly redact: (text: string) => string;
}

export const presentCamera = (view: CameraView, { streamAddress, redact }: Presenting): CameraAnswer => ({
  id: view.id,
  place: view.place,
  stream: streamAddress(view.id),
  state: view.state,
  reason: view.reason,
  explanation: explainState(view),
  detail: view.detail === null ? null : redact(view.detail),
  since: view.since,
  fps: view.fps,
  latency: view.latency && { p50: view.latency.p50, p95: view.latency.p95, p99: view.latency.p99 },
  maskedArea: view.maskedArea,
  clients: view.clients,
  sourceUrl: view.sourceUrl,
  source: view.source && {
    codec: view.source.codec,
    width: view.source.width,
    height: view.source.height,
    fps: view.source.fps,
    offersAudio: view.source.offersAudio,
    encoder: view.source.encoder,
    decoder: view.source.decoder,
  },
  zoneRevision: view.zoneRevision,
  pendingLosses: view.pendingZones?.losses.map(presentLoss) ?? null,
  view: {
    standing: view.viewStanding,
    acceptedBy: view.view?.acceptedBy ?? null,
    acceptedAt: view.view?.acceptedAt ?? null,
  },
  sign: presentSign(view.sign),
  interruption: view.interruption && {
    reason: view.interruption.reason,
    since: view.interruption.since,
    until: view.interruption.until,
  },
  workerPid: view.workerPid,
});

function presentSign(status: SignStatus | null): CameraAnswer['sign'] {
  const seen = status?.seen ?? null;
  const attested = status?.attested ?? null;
  return {
    state: seen?.kind ?? null,
    detail: seen && signText(seen),
    attestedBy: attested?.by ?? null,
    attestedUntil: attested && new Date(attestedUntil(attested)).toISOString(),
  };
}

export const presentZones = ({ zoneRevision, zones, unmasked, pendingZones }: CameraView): CameraZonesAnswer => ({
  revision: zoneRevision,
  // A set that masks nothing always says why: without a reason there is no record of a set.
  inForce: zones.length === 0 && unmasked === null ? null : { zones: zones.map(presentZone), unmasked },
  pending: pendingZones && {
    zones: pendingZones.wanted.zones.map(presentZone),
    unmasked: pendingZones.wanted.unmasked,
    losses: pendingZones.losses.map(presentLoss),
  },
});

export const presentRevision = (revision: ZoneRevision): ZoneRevisionAnswer => ({
  camera: revision.camera,
  revision: revision.revision,
  zones: revision.zones.map(presentZone),
  unmasked: revision.unmasked,
  geometry: revision.geometry && { width: revision.geometry.width, height: revision.geometry.height },
  acceptedBy: revision.acceptedBy,
  acceptedAt: revision.acceptedAt,
  source: revision.source,
});

/** What viewers read on the slate, in English. */
const explainState = ({ state, reason }: CameraView): string =>
  reason === null ? 'The masked picture is shown.' : (SLATE_WORDS.en.get(`${state}:${reason}`)?.sentence ?? reason);

const presentZone = ({ id, kind, polygon, action, style, padding, mask, onPerson, dwell }: Zone): Frozen<Zone> => ({
  id,
  kind,
  polygon,
  action,
  style,
  padding,
  ...(mask === undefined ? {} : { mask }),
  ...(onPerson === undefined ? {} : { onPerson }),
  ...(dwell === undefined ? {} : { dwell }),
});

const presentLoss = ({ zone, weakenings, share, bare, message }: ZoneLoss): Frozen<ZoneLoss> => ({
  zone,
  weakenings,
  share,
  bare,
  message,
});
