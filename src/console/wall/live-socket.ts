import { heldToken } from '../api/session.js';

/** Opens one of the gateway's live WebSockets of a camera, with what this tab may show for itself. */
export const openLiveSocket = (camera: string, what: 'live' | 'preview'): WebSocket => {
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  const address = `${scheme}://${location.host}/api/v1/cameras/${encodeURIComponent(camera)}/${what}`;
  const token = heldToken();
  const socket = new WebSocket(address, [`veilgate.${what}.v1`, ...(token === null ? [] : [`bearer.${token}`])]);
  socket.binaryType = 'arraybuffer';
  return socket;
};
