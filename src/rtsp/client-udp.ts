import dgram from 'node:dgram';
import { once } from 'node:events';
import net from 'node:net';
import { formatRtcp } from './wire/rtcp.js';
import { formatRtp } from './wire/rtp.js';
import type { PortPair } from './wire/transport.js';

/** Attempts to find two free neighbouring ports. */
const MAX_BIND_ATTEMPTS = 20;
/** Asked of the kernel for the video's socket: a 4K keyframe at once. It grants up to `net.core.rmem_max`. */
const RECEIVE_BUFFER_BYTES = 2 * 1024 * 1024;

export interface UdpReceiverHandlers {
  rtp(packet: Buffer, receivedAt: bigint): void;
  rtcp(packet: Buffer, receivedAt: bigint): void;
  error(error: Error): void;
}

/** Two UDP sockets on neighbouring ports, the first one even (RFC 3550, 11), that hear one server only. */
export class UdpReceiver {
  /** Datagrams from elsewhere; dropped. */
  foreign = 0;
  private serverPorts: PortPair | null = null;
  private closed = false;

  private constructor(
    private readonly rtpSocket: dgram.Socket,
    private readonly rtcpSocket: dgram.Socket,
    private readonly serverAddress: string,
    handlers: UdpReceiverHandlers,
  ) {
    this.listen(rtpSocket, handlers, handlers.rtp);
    this.listen(rtcpSocket, handlers, handlers.rtcp);
  }

  /**
   * Binds to the address that reaches the server.
   * @param serverAddress the RTSP connection's peer; nobody else is heard.
   * @throws the system's error where no ports can be bound.
   */
  static async open(localAddress: string, serverAddress: string, handlers: UdpReceiverHandlers): Promise<UdpReceiver> {
    for (let attempt = 1; ; attempt++) {
      const rtp = await bind(localAddress, 0);
      const port = rtp.address().port;
      try {
        if (port % 2 === 1) throw new Error('an odd port');
        const rtcp = await bind(localAddress, port + 1);
        growReceiveBuffer(rtp);
        return new UdpReceiver(rtp, rtcp, serverAddress, handlers);
      } catch (error) {
        rtp.close();
        if (attempt === MAX_BIND_ATTEMPTS) throw error;
      }
    }
  }

  get ports(): PortPair {
    return [this.rtpSocket.address().port, this.rtcpSocket.address().port];
  }

  /** Opens the way through firewalls and address translators: a packet to each of the server's ports. */
  punch(serverPorts: PortPair): void {
    this.serverPorts = serverPorts;
    // Payload type 0 and an unknown source: nothing that a server takes for video.
    const rtp = formatRtp({ payloadType: 0, marker: false, sequenceNumber: 0, timestamp: 0, ssrc: 0 }, Buffer.alloc(0));
    this.send(this.rtpSocket, rtp, serverPorts[0]);
    this.sendReport(formatRtcp([{ type: 'receiver-report', ssrc: 0, reports: [] }]));
  }

  sendReport(report: Buffer): void {
    if (this.serverPorts) this.send(this.rtcpSocket, report, this.serverPorts[1]);
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.rtpSocket.close();
    this.rtcpSocket.close();
  }

  private send(socket: dgram.Socket, packet: Buffer, port: number): void {
    // A port that is closed there is no reason to give up: the server sends, we only report.
    if (!this.closed && port > 0) socket.send(packet, port, this.serverAddress, () => undefined);
  }

  private listen(
    socket: dgram.Socket,
    handlers: UdpReceiverHandlers,
    handle: (packet: Buffer, receivedAt: bigint) => void,
  ): void {
    socket.on('message', (packet, from) => {
      if (from.address === this.serverAddress) handle(packet, process.hrtime.bigint());
      else this.foreign++;
    });
    socket.on('error', (error) => handlers.error(error));
  }
}

const bind = async (address: string, port: number): Promise<dgram.Socket> => {
  const socket = dgram.createSocket(net.isIPv6(address) ? 'udp6' : 'udp4');
  try {
    socket.bind(port, address);
    await once(socket, 'listening');
    return socket;
  } catch (error) {
    socket.close();
    throw error;
  }
};

const growReceiveBuffer = (socket: dgram.Socket): void => {
  try {
    socket.setRecvBufferSize(RECEIVE_BUFFER_BYTES);
  } catch {
    // The system's default will do.
  }
};
