import type { RequestHandler } from 'express';
import { isLoopback } from '../config/listen-address.js';
import type { ListenAddress } from '../config/site.js';
import { RequestError } from './failure.js';

/**
 * Refuses requests whose `Host` names neither this machine nor the address that is listened on (421). A page of a stranger's site
 * could otherwise have its own name resolve to this machine and read the gateway through the browser of whoever visits it: DNS
 * rebinding. The port does not matter: it may be forwarded.
 *
 * @param isOurs other names that are known to be this gateway's: those that its certificate is for
 * @param behindProxy names are then the proxy's to check, which alone knows them
 */
export const allowedHost =
  (address: ListenAddress, behindProxy: boolean, isOurs: (name: string) => boolean = () => false): RequestHandler =>
  (request, _response, next) => {
    const name = hostname(request.headers.host);
    if (name !== null && (behindProxy || isLoopback(name) || name === address.host || isOurs(name))) return next();
    throw new RequestError(
      421,
      'host-not-allowed',
      'This gateway is not known by the name in the Host header. Open it by its address; where a proxy stands before it, set server.behindProxy.',
    );
  };

/**
 * The host of a `Host` header in canonical form and without brackets, or null where it is none.
 *
 * @example hostname('LOCALHOST:9090') // 'localhost'
 */
export const hostname = (header: string | undefined): string | null => {
  if (header === undefined || !/^[^/?#@\\\s]+$/.test(header) || !URL.canParse(`http://${header}`)) return null;
  const { hostname: name } = new URL(`http://${header}`);
  return name.startsWith('[') ? name.slice(1, -1) : name.replace(/\.$/, '');
};
