import { isIPv6 } from 'node:net';
import type { ListenAddress } from '../config/site.js';

/** Addresses that stand for every interface, and so name none that a player could open. */
const EVERY_INTERFACE: readonly string[] = ['0.0.0.0', '::'];

/**
 * Where a player finds a camera's masked stream. A listener on every interface is named as the client named this server.
 *
 * @param requestedHost the host that the client asked for, without brackets; null where it is not known
 * @example streamAddress({ host: '::1', port: 8554 }, null, 'lobby') // 'rtsp://[::1]:8554/lobby'
 */
export const streamAddress = (rtsp: ListenAddress, requestedHost: string | null, camera: string): string => {
  const host = EVERY_INTERFACE.includes(rtsp.host) ? (requestedHost ?? 'localhost') : rtsp.host;
  return `rtsp://${isIPv6(host) ? `[${host}]` : host}:${rtsp.port}/${camera}`;
};
