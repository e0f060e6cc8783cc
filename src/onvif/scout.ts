/**
 * A short-lived process that asks about cameras over ONVIF: one order, one answer, the end. What cameras say is hostile text, and the
 * library throws at some of it from within its sockets: that ends this process, or loses one answer, and never touches control.
 */
import { discoverDevices } from './discover.js';
import { offeredStreams } from './offered-streams.js';
import type { ScoutAnswer, ScoutOrder } from './scouting.js';

const answer = async (order: ScoutOrder): Promise<ScoutAnswer> =>
  order.type === 'discover'
    ? { type: 'devices', devices: await discoverDevices(order.timeoutMs) }
    : { type: 'streams', streams: await offeredStreams(order.service) };

// A device whose answer makes no sense is passed over; the others are still waited for.
process.on('uncaughtException', () => undefined);
process.once('message', (order) => {
  answer(order as ScoutOrder)
    .catch((error: unknown): ScoutAnswer => ({ type: 'failed', why: String((error as Error)?.message ?? error) }))
    .then((answered) => process.send!(answered, () => process.disconnect()));
});
