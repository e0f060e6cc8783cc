/** What the API answers, by the schemas that the gateway holds its answers to. Types only: nothing of them gets into the page. */
import type { z } from 'zod';
import type { commissionBoxSchema } from '../../http/commission-schemas.js';
import type { exportsSchema } from '../../http/export-schemas.js';
import type { addedCameraSchema, devicesSchema, streamsSchema } from '../../http/new-camera-schemas.js';
import type {
  accountSchema,
  inspectionDetailSchema,
  inspectionSchema,
  invitationSchema,
  madeTokenSchema,
  tokenSchema,
} from '../../http/people-schemas.js';
import type {
  cameraSchema,
  cameraZonesSchema,
  Frozen,
  historySchema,
  zoneLossSchema,
  zoneRevisionSchema,
} from '../../http/schemas.js';
import type { modelsSchema, settingsSchema, siteSchema } from '../../http/site-schemas.js';

export type Account = Frozen<z.output<typeof accountSchema>>;
export type Invitation = Frozen<z.output<typeof invitationSchema>>;
export type ApiToken = Frozen<z.output<typeof tokenSchema>>;
export type MadeToken = Frozen<z.output<typeof madeTokenSchema>>;
export type Inspection = Frozen<z.output<typeof inspectionSchema>>;
export type InspectionDetail = Frozen<z.output<typeof inspectionDetailSchema>>;
export type Exports = Frozen<z.output<typeof exportsSchema>>;
export type CommissionBox = Frozen<z.output<typeof commissionBoxSchema>>;
export type AddedCamera = Frozen<z.output<typeof addedCameraSchema>>;
export type OnvifDevices = Frozen<z.output<typeof devicesSchema>>;
export type OfferedStreams = Frozen<z.output<typeof streamsSchema>>;
export type Settings = Frozen<z.output<typeof settingsSchema>>;
export type Models = Frozen<z.output<typeof modelsSchema>>;
export type SiteInForce = Frozen<z.output<typeof siteSchema>>;
export type Camera = Frozen<z.output<typeof cameraSchema>>;
export type CameraHistory = Frozen<z.output<typeof historySchema>>;
export type CameraMinute = CameraHistory['minutes'][number];
export type CameraState = Camera['state'];
export type CameraReason = NonNullable<Camera['reason']>;
export type CameraZones = Frozen<z.output<typeof cameraZonesSchema>>;
export type ZoneRevision = Frozen<z.output<typeof zoneRevisionSchema>>;
export type ZoneLoss = Frozen<z.output<typeof zoneLossSchema>>;
