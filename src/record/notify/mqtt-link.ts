import mqtt, { type MqttClient } from 'mqtt';
import type { MqttConfig } from '../../config/site.js';
import type { Logger } from '../../rtsp/logger.js';
import type { AlertEventNews } from './courier.js';
import { alertTopic, type DiscoveryNames, discoveryOf, stateTopic, statusTopic } from './discovery.js';
import { notificationBody } from './webhook.js';

/** A broker that is gone is tried again this often, ms. */
const RECONNECT_MS = 5000;
/** A broker that does not confirm within this, ms, is treated as gone. */
const CONFIRM_WITHIN_MS = 10_000;

export interface CameraState {
  readonly state: string;
  readonly reason: string | null;
}

/** The line to an MQTT broker: states of cameras, kept by it, and alerts. */
export class MqttLink {
  readonly #client: MqttClient;
  readonly #names: DiscoveryNames;
  readonly #states: ReadonlyMap<string, CameraState>;
  readonly #logger: Logger;

  /** @param states of all cameras, now and later: what is told after each connection */
  constructor(config: MqttConfig, site: string, states: ReadonlyMap<string, CameraState>, logger: Logger) {
    this.#names = { topic: config.topic, discovery: config.discovery, site };
    this.#states = states;
    this.#logger = logger;
    this.#client = mqtt.connect(config.url.reveal(), {
      reconnectPeriod: RECONNECT_MS,
      connectTimeout: CONFIRM_WITHIN_MS,
      queueQoSZero: false,
      will: { topic: statusTopic(this.#names), payload: Buffer.from('offline'), qos: 1, retain: true },
    });
    this.#client.on('connect', () => this.#introduce());
    this.#client.on('error', (error) => logger.warn({ receiver: 'mqtt', error: error.message }, 'broker'));
  }

  /** Resolves when the broker has it. Throws where it may not. */
  async deliver(news: AlertEventNews): Promise<void> {
    const { camera } = news.alert;
    const payload = JSON.stringify({ event_type: news.event.kind, ...notificationBody(this.#names.site, news) });
    await this.#publish(alertTopic(this.#names, camera), payload, false);
  }

  /** The state of a camera changed. Told again after the next connection. */
  tell(camera: string): void {
    if (this.#client.connected) this.#introduceCamera(camera);
  }

  async close(): Promise<void> {
    await this.#publish(statusTopic(this.#names), 'offline', true).catch(() => undefined);
    await this.#client.endAsync(true).catch(() => undefined);
  }

  #introduce(): void {
    this.#logger.info({ receiver: 'mqtt' }, 'broker connected');
    this.#put(statusTopic(this.#names), 'online');
    for (const camera of this.#states.keys()) this.#introduceCamera(camera);
  }

  #introduceCamera(camera: string): void {
    for (const { topic, payload } of discoveryOf(this.#names, camera)) this.#put(topic, payload);
    this.#put(stateTopic(this.#names, camera), JSON.stringify(this.#states.get(camera)));
  }

  #put(topic: string, payload: string): void {
    this.#publish(topic, payload, true).catch((error: unknown) => {
      this.#logger.warn({ receiver: 'mqtt', topic, error: String(error) }, 'not told');
    });
  }

  async #publish(topic: string, payload: string, retain: boolean): Promise<void> {
    if (!this.#client.connected) throw new Error('The broker is not connected.');
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('The broker did not confirm.')), CONFIRM_WITHIN_MS);
    });
    const sent = this.#client.publishAsync(topic, payload, { qos: 1, retain });
    await Promise.race([sent, late]).finally(() => clearTimeout(timer));
  }
}
