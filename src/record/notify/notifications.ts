import type { NotifyConfig } from '../../config/site.js';
import type { Logger } from '../../rtsp/logger.js';
import { SEVERITIES, type Severity } from '../../rules/severity.js';
import type { AlertBook } from '../alerts/alert-book.js';
import type { Store } from '../store/store.js';
import { type AlertEventNews, Courier } from './courier.js';
import { type CameraState, MqttLink } from './mqtt-link.js';
import { postEvent } from './webhook.js';

/** Everybody who is told. */
export interface Notifications {
  /** Their names: `webhook:<id>`, `mqtt`. */
  readonly receivers: readonly string[];
  /** Resolves when nobody can miss what is kept from now on (`Courier.begin`). Throws StoreError. */
  begin(): Promise<void>;
  /** Something was kept that they should hear of. */
  wake(): void;
  /** The state of a camera changed. */
  tell(camera: string): void;
  /** The last event that everybody has been told; everything, where there is nobody to tell. Throws StoreError. */
  toldUpTo(): Promise<number>;
  close(): Promise<void>;
}

export interface NotificationOptions {
  readonly store: Store;
  readonly book: AlertBook;
  readonly logger: Logger;
  /** Its name. */
  readonly site: string;
  /** Of all cameras, now and later. */
  readonly states: ReadonlyMap<string, CameraState>;
}

/** Starts a courier for every receiver of the site file. */
export const startNotifications = (
  { webhooks, mqtt }: NotifyConfig,
  { store, book, logger, site, states }: NotificationOptions,
): Notifications => {
  const courier = (receiver: string, severity: Severity, deliver: (news: AlertEventNews) => Promise<void>) =>
    new Courier({ receiver, store, book, logger, deliver, wants: ({ alert }) => isAsBad(alert.severity, severity) });
  const link = mqtt && new MqttLink(mqtt, site, states, logger);
  const couriers = [
    ...webhooks.map((hook) => courier(`webhook:${hook.id}`, hook.severity, (news) => postEvent(hook, site, news))),
    ...(mqtt && link ? [courier('mqtt', mqtt.severity, (news) => link.deliver(news))] : []),
  ];
  const receivers = couriers.map((one) => one.receiver);
  return {
    receivers,
    async toldUpTo() {
      if (receivers.length === 0) return Number.MAX_SAFE_INTEGER;
      const rows = await store.run((db) =>
        db.selectFrom('deliveries').select('seq').where('receiver', 'in', receivers).execute(),
      );
      return rows.length < receivers.length ? 0 : Math.min(...rows.map(({ seq }) => seq));
    },
    async begin() {
      await Promise.all(couriers.map((one) => one.begin()));
    },
    wake: () => {
      for (const one of couriers) one.wake();
    },
    tell: (camera) => link?.tell(camera),
    async close() {
      await Promise.all(couriers.map((one) => one.close()));
      await link?.close();
    },
  };
};

const isAsBad = (severity: Severity, least: Severity): boolean =>
  SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(least);
