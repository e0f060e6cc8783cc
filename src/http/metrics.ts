import { Counter, collectDefaultMetrics, Gauge, type Registry } from 'prom-client';
import type { Untold } from '../record/notify/receivers.js';
import type { RtspServerStats } from '../rtsp/server.js';

/** The event loop's delay is sampled this often, ms: each sample wakes the process, and the default (10) is a tenth of its work. */
const EVENT_LOOP_SAMPLE_MS = 1000;

/** What is measured of the gateway's main process. */
export class GatewayMetrics {
  /** 1 while the last edit of the site file was rejected, and what was in force before goes on. */
  readonly configRejected: Gauge;

  /** Registers these and Node's own: CPU, memory, event loop, garbage collection, open files. */
  constructor(registry: Registry, version: string) {
    const registers = [registry];
    collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: EVENT_LOOP_SAMPLE_MS });
    new Gauge({
      name: 'veilgate_info',
      help: 'Always 1: the version of the gateway and of Node',
      labelNames: ['version', 'node'],
      registers,
    }).set({ version, node: process.version }, 1);
    this.configRejected = new Gauge({
      name: 'veilgate_config_rejected',
      help: '1 while the last edit of the site file was rejected',
      registers,
    });
  }
}

/** Puts what an RTSP server counts into the registry; it is asked at each scrape. */
export const measureRtspServer = (registry: Registry, stats: () => RtspServerStats): void => {
  const registers = [registry];
  const gauge = (name: string, help: string, read: (stats: RtspServerStats) => number) =>
    new Gauge({
      name: `veilgate_rtsp_${name}`,
      help,
      registers,
      collect() {
        this.set(read(stats()));
      },
    });
  const counter = (name: string, help: string, read: (stats: RtspServerStats) => number) =>
    new Counter({
      name: `veilgate_rtsp_${name}_total`,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(read(stats()));
      },
    });
  gauge('connections', 'Open RTSP connections', ({ connections }) => connections);
  gauge('playing_clients', 'RTSP clients that play', ({ clients }) => clients);
  counter('slow_clients_dropped', 'RTSP clients dropped because they read too slowly', (s) => s.slowClientsDropped);
  counter('idle_connections_evicted', 'Connections that played nothing and made room', (s) => s.idleConnectionsEvicted);
  counter('clients_refused', 'RTSP clients refused because all places were taken', (s) => s.clientsRefused);
  new Counter({
    name: 'veilgate_rtsp_bytes_sent_total',
    help: 'Bytes of RTP and RTCP sent to clients',
    labelNames: ['camera'],
    registers,
    collect() {
      this.reset();
      for (const [camera, { bytesSent }] of stats().streams) this.inc({ camera }, bytesSent);
    },
  });
};

/** Puts into the registry whether the record keeps what it is given; it is asked at each scrape. */
export const measureRecord = (
  registry: Registry,
  {
    store,
    findings,
    untold,
  }: {
    readonly store: () => boolean;
    readonly findings: () => number;
    readonly untold: () => Promise<readonly Untold[]>;
  },
): void => {
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name: `veilgate_${name}`,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  gauge('store_up', '1 while the store keeps what it is given', () => (store() ? 1 : 0));
  new Gauge({
    name: 'veilgate_notifications_untold',
    help: 'Events kept since a receiver was last told, 10000 at most; dropped: the site file does not name it any more',
    labelNames: ['receiver', 'dropped'],
    registers: [registry],
    async collect() {
      this.reset();
      // A store that is gone says so itself.
      const all = await untold().catch(() => []);
      for (const { receiver, events, isDropped } of all) this.set({ receiver, dropped: String(isDropped) }, events);
    },
  });
  gauge('findings_waiting', 'Matters found that wait in memory for the store', findings);
};

/** Counts answers. Paths that are no routes share one label, so that nobody can fill the registry with names. */
export const requestCounter = (registry: Registry): Counter<'method' | 'route' | 'status'> =>
  new Counter({
    name: 'veilgate_http_requests_total',
    help: 'HTTP requests answered, by route',
    labelNames: ['method', 'route', 'status'],
    registers: [registry],
  });
