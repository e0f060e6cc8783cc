import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { Pace } from './pace.js';
import type { PacketSink } from './packet-sink.js';
import type { RtpBatch } from './payload/rtp-batch.js';
import { parseRtcp } from './wire/rtcp.js';
import type { PortPair } from './wire/transport.js';

/**
 * Packets that one client is sent in a row, and packets a millisecond (70 Mb/s) of what is more than that: a large keyframe, the group of
 * pictures that a late joiner is handed. Linux grants a socket 208 kB by default, 92 packets with its bookkeeping: a receiver that is not
 * scheduled for 7 ms loses nothing.
 */
const BURST_PACKETS = 48;
const PACKETS_PER_MS = 6;
/** The shortest that a timer waits. */
const PAUSE_MS = 1;
/** Access units that wait for a client at most; it takes a stalled event loop to get there. UDP may lose what comes then. */
const MAX_QUEUED_UNITS = 128;
/** How often a neighbouring pair of free ports is looked for. */
const PORT_ATTEMPTS = 50;

export interface UdpSenderOptions {
  /** The address that the server listens on, as numbers. */
  readonly address: string;
  /** The RTP port, RTCP being the next; 0 takes any even one with its neighbour (RFC 3550, 11). */
  readonly port: number;
}

/** A receiver report came in from this address and port. */
export type ReceiverReportListener = (address: string, port: number) => void;

/** The pair of RTP and RTCP sockets through which a server reaches all its UDP clients. */
export class UdpSender {
  private constructor(
    private readonly rtp: Socket,
    private readonly rtcp: Socket,
    readonly ports: PortPair,
  ) {}

  /** @throws the system's error where the ports cannot be had */
  static async open(options: UdpSenderOptions, onReport: ReceiverReportListener): Promise<UdpSender> {
    const [rtp, rtcp] = await bindPair(options);
    // What comes to the RTP port is only there to open a firewall on the way.
    rtcp.on('message', (bytes, from) => {
      if (parseRtcp(bytes)?.some((packet) => packet.type === 'receiver-report')) onReport(from.address, from.port);
    });
    // Sending to a client that is gone, or without a route, concerns that client alone: its session times out.
    rtp.on('error', () => {});
    rtcp.on('error', () => {});
    const port = rtp.address().port;
    return new UdpSender(rtp, rtcp, [port, port + 1]);
  }

  /** Where packets of one client go. `address` must be that of its RTSP connection, never one that it names. */
  sinkTo(address: string, ports: PortPair): PacketSink {
    return new UdpSink(this.rtp, this.rtcp, address, ports);
  }

  close(): void {
    this.rtp.close();
    this.rtcp.close();
  }
}

class UdpSink implements PacketSink {
  readonly protocol = 'udp';
  private readonly queue: RtpBatch[] = [];
  /** The next packet of the first batch in the queue. */
  private next = 0;
  private timer: NodeJS.Timeout | null = null;
  private readonly pace = new Pace(BURST_PACKETS, PACKETS_PER_MS, performance.now());
  /** Who waits for the queue to be empty. */
  private readonly flushes: (() => void)[] = [];
  private readonly resume = (): void => {
    this.timer = null;
    this.drain();
  };

  constructor(
    private readonly rtp: Socket,
    private readonly rtcp: Socket,
    private readonly address: string,
    private readonly ports: PortPair,
  ) {}

  send(batch: RtpBatch): boolean {
    if (this.queue.length < MAX_QUEUED_UNITS) this.queue.push(batch);
    if (this.timer === null) this.drain();
    return true;
  }

  sendReport(rtcp: Buffer): void {
    this.rtcp.send(rtcp, this.ports[1], this.address);
  }

  flush(done: () => void): void {
    this.flushes.push(done);
    if (this.timer === null) this.drain();
  }

  end(): void {
    this.close();
  }

  close(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.queue.length = 0;
    this.next = 0;
    this.tellFlushed();
  }

  private tellFlushed(): void {
    for (const done of this.flushes.splice(0)) done();
  }

  /** Sends what is allowed of what waits, as long as the kernel takes it at once: what waits in the socket cannot be called back. */
  private drain(): void {
    this.pace.advance(performance.now());
    while (this.rtp.getSendQueueCount() === 0) {
      const batch = this.queue[0];
      if (!batch) return this.tellFlushed();
      if (!this.pace.take()) break;
      this.rtp.send(batch.packet(this.next++), this.ports[0], this.address);
      if (this.next === batch.packets) {
        this.queue.shift();
        this.next = 0;
      }
    }
    if (this.queue.length > 0 || this.flushes.length > 0) this.timer = setTimeout(this.resume, PAUSE_MS);
  }
}

const bindPair = async (options: UdpSenderOptions): Promise<readonly [rtp: Socket, rtcp: Socket]> => {
  for (let attempt = 1; ; attempt++) {
    const rtp = await bind(options.address, options.port);
    const port = rtp.address().port;
    try {
      if (options.port === 0 && port % 2 === 1) throw new Error('an odd port');
      return [rtp, await bind(options.address, port + 1)];
    } catch (error) {
      rtp.close();
      if (options.port !== 0 || attempt === PORT_ATTEMPTS) throw error;
    }
  }
};

const bind = async (address: string, port: number): Promise<Socket> => {
  const family = address.includes(':') ? 6 : 4;
  const socket = createSocket({
    type: family === 6 ? 'udp6' : 'udp4',
    // Destinations are addresses already: without this each packet takes a turn through the resolver.
    lookup: (host, _options, callback) => callback(null, host, family),
  });
  try {
    const listening = once(socket, 'listening'); // it comes before bind() returns, as the lookup is synchronous
    socket.bind(port, address);
    await listening;
    return socket;
  } catch (error) {
    socket.close();
    throw error;
  }
};
