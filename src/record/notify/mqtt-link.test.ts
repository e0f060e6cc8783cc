import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt, { type MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '../../config/secret.js';
import { SILENT_LOGGER } from '../../rtsp/logger.js';
import { BookOnTrial, sighting } from '../alerts/alert-book.fixture.js';
import { sqliteTestStore } from '../store/store.fixture.js';
import type { CameraState } from './mqtt-link.js';
import { startNotifications } from './notifications.js';

const BROKER = ['/usr/sbin/mosquitto', '/usr/local/sbin/mosquitto', '/usr/bin/mosquitto'].find((path) =>
  existsSync(path),
);
const isMissing = BROKER === undefined && process.env.VEILGATE_REQUIRE !== 'all';

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

describe.skipIf(isMissing)('over MQTT', () => {
  let dir: string;
  let port: number;
  let broker: ChildProcess;
  const startBroker = () => {
    broker = spawn(BROKER!, ['-c', join(dir, 'mosquitto.conf')], { stdio: 'ignore' });
  };
  const stopBroker = async () => {
    const ended = new Promise((resolve) => broker.once('exit', resolve));
    broker.kill('SIGKILL');
    await ended;
  };
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'veilgate-mqtt-'));
    port = await freePort();
    writeFileSync(join(dir, 'mosquitto.conf'), `listener ${port} 127.0.0.1\nallow_anonymous true\n`);
    startBroker();
  });
  afterAll(async () => {
    await stopBroker();
    rmSync(dir, { recursive: true, force: true });
  });

  /** What subscribers have got, by topic, the last of each. */
  const subscribe = async (): Promise<{ client: MqttClient; last: Map<string, string>; all: string[] }> => {
    const client = mqtt.connect(`mqtt://127.0.0.1:${port}`, { reconnectPeriod: 100 });
    const last = new Map<string, string>();
    const all: string[] = [];
    client.on('message', (topic, payload) => {
      last.set(topic, payload.toString());
      all.push(`${topic} ${payload}`);
    });
    client.on('error', () => undefined);
    await client.subscribeAsync('#', { qos: 1 });
    return { client, last, all };
  };

  it('states are kept by the broker, Home Assistant finds cameras, and alerts arrive, also after the broker was gone', async () => {
    await using made = await sqliteTestStore();
    const trial = new BookOnTrial(made.store);
    trial.now = Date.now() + 1000;
    const states = new Map<string, CameraState>([['lobby', { state: 'masked', reason: null }]]);
    const config = { url: new Secret(`mqtt://127.0.0.1:${port}`), topic: 'veilgate', discovery: 'homeassistant' };
    const notifications = startNotifications(
      { webhooks: [], mqtt: { ...config, severity: 'low' } },
      { store: made.store, book: trial.book, logger: SILENT_LOGGER, site: 'Riverside', states },
    );
    const { client, last, all } = await subscribe();
    const parsed = (topic: string) => JSON.parse(last.get(topic) ?? 'null');
    await expect.poll(() => parsed('veilgate/cameras/lobby/state'), { timeout: 20_000 }).toEqual(states.get('lobby'));
    expect(last.get('veilgate/status')).toBe('online');
    expect(parsed('homeassistant/sensor/veilgate_lobby/state/config')).toMatchObject({
      unique_id: 'veilgate_lobby_state',
      state_topic: 'veilgate/cameras/lobby/state',
      availability_topic: 'veilgate/status',
      device: { name: 'Riverside lobby' },
    });
    expect(parsed('homeassistant/event/veilgate_lobby/alert/config')).toMatchObject({
      state_topic: 'veilgate/cameras/lobby/alerts',
    });

    states.set('lobby', { state: 'withheld', reason: 'view-moved' });
    notifications.tell('lobby');
    const { event } = await trial.book.raise(sighting());
    notifications.wake();
    await expect
      .poll(() => parsed('veilgate/cameras/lobby/alerts'), { timeout: 20_000 })
      .toMatchObject({
        event_type: 'opened',
        event: { seq: event!.seq },
        alert: { article: 24 },
      });
    await expect.poll(() => parsed('veilgate/cameras/lobby/state')).toMatchObject({ reason: 'view-moved' });

    await stopBroker();
    const late = await trial.book.raise(sighting({ cause: 'late' }));
    notifications.wake();
    startBroker();
    const seen = () => all.some((line) => line.includes(`"seq":${late.event!.seq}`));
    await expect.poll(seen, { timeout: 30_000 }).toBe(true);

    await notifications.close();
    await expect.poll(() => last.get('veilgate/status')).toBe('offline');
    await client.endAsync(true);
  }, 90_000);
});
