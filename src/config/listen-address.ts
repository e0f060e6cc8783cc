import { isIP } from 'node:net';
import { type Reading, refuse } from './reading.js';
import type { ListenAddress } from './site.js';

const HOST_AND_PORT = /^(?:\[([^\]]*)\]|([^:[\]]*)):(\d{1,5})$/;

/** Reads `127.0.0.1:8080`, `localhost:8080` or `[::1]:8080`. Names are refused: what they resolve to may change. */
export const parseListenAddress = (text: string): Reading<ListenAddress> => {
  const match = HOST_AND_PORT.exec(text);
  const host = match?.[1] ?? match?.[2];
  if (match === null || host === undefined || host === '') {
    return refuse(
      'address-malformed',
      `${JSON.stringify(text)} is not an address to listen on.`,
      'Write an IP address and a port, such as 127.0.0.1:8080 (IPv6 in brackets: [::1]:8080).',
    );
  }
  const port = Number(match[3]);
  if (port > 65_535) {
    return refuse('address-malformed', `There is no port ${port}.`, 'Ports end at 65535.');
  }
  if (host !== 'localhost' && isIP(host) === 0) {
    return refuse(
      'address-malformed',
      `${JSON.stringify(host)} is not an IP address.`,
      'Write the IP address of the interface to listen on, or localhost.',
    );
  }
  return { ok: true, value: { host, port } };
};

/** Whether only this machine can reach the address (RFC 1122 3.2.1.3 (g), RFC 4291 2.5.3). */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
