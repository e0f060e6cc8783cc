import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import type { Server } from 'node:net';
import { VeilgateError } from '../errors.js';
import { type ReceiverReportListener, UdpSender } from './udp-sender.js';

/**
 * Resolves when the server listens.
 * @param key the site file's key of the port, for the error
 * @throws VeilgateError `port-in-use` or `address-unavailable`
 */
export const listenOn = async (server: Server, host: string, port: number, key: string): Promise<void> => {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw listenError(error, host, port, key);
  }
};

/** The UDP sockets beside a server that listens on the host; errors as those of {@link listenOn}. */
export const openUdpSender = async (
  host: string,
  port: number,
  onReport: ReceiverReportListener,
): Promise<UdpSender> => {
  try {
    const { address } = await lookup(host);
    return await UdpSender.open({ address, port }, onReport);
  } catch (error) {
    throw listenError(error, host, port, 'server.rtsp (UDP)');
  }
};

const listenError = (error: unknown, host: string, port: number, key: string): VeilgateError => {
  const code = (error as NodeJS.ErrnoException).code;
  const cause = { cause: error };
  if (code === 'EADDRINUSE') {
    const message = `${key}: port ${port} of ${host} is already in use; stop the program that has it, or choose another port.`;
    return new VeilgateError('port-in-use', message, cause);
  }
  const message = `${key}: cannot listen on port ${port} of ${host} (${code ?? 'unknown'}); choose another address or port.`;
  return new VeilgateError('address-unavailable', message, cause);
};
