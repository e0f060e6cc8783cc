/** What the API answers, by the schemas that the gateway holds its answers to. Types only: nothing of them gets into the page. */
import type { z } from 'zod';
import type { addedCameraSchema, devicesSchema, streamsSchema } from '../../http/new-camera-schemas.js';
import type {
  cameraSchema,
  cameraZonesSchema,
  Frozen,
  zoneLossSchema,
  zoneRevisionSchema,
} from '../../http/schemas.js';
import type { siteSchema } from '../../http/site-schemas.js';

export type AddedCamera = Frozen<z.output<typeof addedCameraSchema>>;
export type OnvifDevices = Frozen<z.output<typeof devicesSchema>>;
export type OfferedStreams = Frozen<z.output<typeof streamsSchema>>;
export type SiteInForce = Frozen<z.output<typeof siteSchema>>;
export type Camera = Frozen<z.output<typeof cameraSchema>>;
export type CameraState = Camera['state'];
export type CameraReason = NonNullable<Camera['reason']>;
export type CameraZones = Frozen<z.output<typeof cameraZonesSchema>>;
export type ZoneRevision = Frozen<z.output<typeof zoneRevisionSchema>>;
export type ZoneLoss = Frozen<z.output<typeof zoneLossSchema>>;
