import { createHmac, timingSafeEqual } from 'node:crypto';

/** What a camera's worker needs to reach the vision process. Never logged. */
export interface VisionLink {
  /** Of the Unix socket, in a folder that only this user can enter. */
  readonly path: string;
  /** Proves which camera speaks: a worker, which parses hostile bytes, cannot pass itself off as another one. */
  readonly ticket: string;
}

/** The ticket of one camera for one life of the vision process. `secret`: 32 random bytes, hex. */
export const ticketFor = (secret: string, camera: string): string =>
  createHmac('sha256', secret).update(camera).digest('hex');

export function isTicketOf(ticket: string, secret: string, camera: string): boolean {
  const [given, right] = [Buffer.from(ticket), Buffer.from(ticketFor(secret, camera))];
  return given.length === right.length && timingSafeEqual(given, right);
}
