import type { IncomingMessage } from 'node:http';
import ipaddr from 'ipaddr.js';

/** Headers by which a proxy says that it speaks for somebody else (RFC 7239, RFC 9110 7.6.3, and what came before). */
const FORWARDING_HEADERS = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip'] as const;

/** An IPv6 customer has at least a /64: its addresses are one client (RFC 6177). */
const IPV6_CLIENT_PARTS = 4;

/** Whether who asks sits on this machine, and not behind a proxy on it. */
export const isLocalClient = ({ socket, headers }: IncomingMessage): boolean =>
  FORWARDING_HEADERS.every((name) => headers[name] === undefined) && isLoopbackAddress(socket.remoteAddress);

/**
 * Whether an address is this machine's own, IPv4 in IPv6 (`::ffff:127.0.0.1`) included.
 *
 * @param address as a socket gives it; undefined once the peer is gone
 */
export const isLoopbackAddress = (address: string | undefined): boolean =>
  address !== undefined && ipaddr.isValid(address) && ipaddr.process(address).range() === 'loopback';

/**
 * What counts as one client: an IPv4 address, or the /64 of an IPv6 one.
 *
 * @example clientKey('2001:db8:1:2:3::4') // '2001:db8:1:2::/64'
 */
export const clientKey = (address: string | undefined): string => {
  if (address === undefined || !ipaddr.isValid(address)) return 'unknown';
  const parsed = ipaddr.process(address);
  if (!(parsed instanceof ipaddr.IPv6)) return parsed.toString();
  const network = parsed.parts.map((part, index) => (index < IPV6_CLIENT_PARTS ? part : 0));
  return `${new ipaddr.IPv6(network).toString()}/64`;
};
