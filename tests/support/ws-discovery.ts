import { createSocket, type Socket } from 'node:dgram';

/** WS-Discovery's group and port. */
const GROUP = '239.255.255.250';
const PORT = 3702;

/** A network of devices that answer WS-Discovery probes on the loopback, each with a text of its own. */
export class DiscoverableDevices implements AsyncDisposable {
  readonly #socket: Socket;

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  static async listen(answers: readonly string[]): Promise<DiscoverableDevices> {
    const socket = createSocket({ type: 'udp4', reuseAddr: true });
    socket.on('message', (message, { port, address }) => {
      if (!message.toString().includes('/Probe</wsa:Action>')) return;
      for (const answer of answers) socket.send(answer, port, address);
    });
    await new Promise<void>((resolve) => socket.bind(PORT, resolve));
    socket.addMembership(GROUP, '127.0.0.1');
    return new DiscoverableDevices(socket);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise<void>((resolve) => this.#socket.close(() => resolve()));
  }
}

/** How a camera answers a probe. */
export const probeMatch = (service: string, name: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" xmlns:dn="http://www.onvif.org/ver10/network/wsdl"><s:Header><a:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/ProbeMatches</a:Action></s:Header><s:Body><d:ProbeMatches><d:ProbeMatch><a:EndpointReference><a:Address>urn:uuid:${name}</a:Address></a:EndpointReference><d:Types>dn:NetworkVideoTransmitter</d:Types><d:Scopes>onvif://www.onvif.org/type/video_encoder onvif://www.onvif.org/hardware/X-100 onvif://www.onvif.org/name/${encodeURIComponent(name)}</d:Scopes><d:XAddrs>${service}</d:XAddrs><d:MetadataVersion>1</d:MetadataVersion></d:ProbeMatch></d:ProbeMatches></s:Body></s:Envelope>`;
