import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { GatewayMetrics, measureRtspServer } from './metrics.js';

const linesOf = async (registry: Registry, prefix: string): Promise<string[]> =>
  (await registry.metrics()).split('\n').filter((line) => line.startsWith(prefix));

it('the gateway tells its version, and whether the last edit of the site file was rejected', async () => {
  const registry = new Registry();
  const metrics = new GatewayMetrics(registry, '1.2.3');
  expect(await linesOf(registry, 'veilgate_info')).toEqual([
    `veilgate_info{version="1.2.3",node="${process.version}"} 1`,
  ]);
  expect(await linesOf(registry, 'veilgate_config_rejected')).toEqual(['veilgate_config_rejected 0']);
  metrics.configRejected.set(1);
  expect(await linesOf(registry, 'veilgate_config_rejected')).toEqual(['veilgate_config_rejected 1']);
  expect(await linesOf(registry, 'process_resident_memory_bytes')).toHaveLength(1);
});

it('what the RTSP server counts is read anew at each scrape', async () => {
  const registry = new Registry();
  const stats = {
    streams: new Map([['lobby', { clients: 2, bytesSent: 1000 }]]),
    connections: 5,
    clients: 2,
    slowClientsDropped: 1,
    idleConnectionsEvicted: 3,
    clientsRefused: 4,
  };
  measureRtspServer(registry, () => stats);
  const expected = [
    'veilgate_rtsp_bytes_sent_total{camera="lobby"} 1000',
    'veilgate_rtsp_clients_refused_total 4',
    'veilgate_rtsp_connections 5',
    'veilgate_rtsp_idle_connections_evicted_total 3',
    'veilgate_rtsp_playing_clients 2',
    'veilgate_rtsp_slow_clients_dropped_total 1',
  ];
  expect((await linesOf(registry, 'veilgate_rtsp')).sort()).toEqual(expected);
  expect((await linesOf(registry, 'veilgate_rtsp')).sort()).toEqual(expected);
  stats.streams.set('lobby', { clients: 2, bytesSent: 1500 });
  stats.connections = 0;
  const later = await linesOf(registry, 'veilgate_rtsp');
  expect(later).toContain('veilgate_rtsp_bytes_sent_total{camera="lobby"} 1500');
  expect(later).toContain('veilgate_rtsp_connections 0');
});
