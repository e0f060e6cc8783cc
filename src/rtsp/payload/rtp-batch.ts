import { RTP_HEADER_BYTES, type RtpHeader, writeRtpHeader } from '../wire/rtp.js';

/** Bytes before each RTP packet on an interleaved connection: `$`, channel, 16-bit length (RFC 2326, 10.12). */
export const INTERLEAVED_HEADER_BYTES = 4;

const DOLLAR = 0x24;
const MARKER = 0x80;

/** What the packets of one access unit have in common. */
export interface RtpBatchHeader {
  /** 0 to 127. */
  readonly payloadType: number;
  /** 32 bit. */
  readonly ssrc: number;
  /** 32 bit, on the track's 90 kHz clock. */
  readonly timestamp: number;
  /** 16 bit: the number of the first packet. */
  readonly sequence: number;
}

/**
 * The RTP packets of one access unit, made once and shared by every client: one buffer that is already framed for interleaved
 * TCP (a client costs one write), and where each packet begins in it (UDP sends each as a view). Never write to it.
 */
export class RtpBatch {
  private variants: Map<number, Buffer> | null = null;

  constructor(
    /** Every packet behind its interleaved header, on channel 0. */
    private readonly framed: Buffer,
    /** Where each packet's interleaved header begins; the last entry is the end. */
    private readonly starts: Uint32Array,
    readonly header: RtpBatchHeader,
  ) {}

  /** How many packets there are; at least 1. */
  get packets(): number {
    return this.starts.length - 1;
  }

  /** Bytes of RTP packets, headers included. */
  get bytes(): number {
    return this.framed.length - this.packets * INTERLEAVED_HEADER_BYTES;
  }

  /** Bytes of RTP payload, without RTP headers: what RTCP counts as octets (RFC 3550, 6.4.1). */
  get payloadBytes(): number {
    return this.bytes - this.packets * RTP_HEADER_BYTES;
  }

  /** One packet with its RTP header, as a view. */
  packet(index: number): Buffer {
    return this.framed.subarray(this.starts[index]! + INTERLEAVED_HEADER_BYTES, this.starts[index + 1]!);
  }

  /** Every packet framed for a channel. Channel 0, which nearly every client asks for, is free; another is copied once. */
  interleaved(channel: number): Buffer {
    if (channel === 0) return this.framed;
    const known = this.variants?.get(channel);
    if (known) return known;
    const copy = Buffer.from(this.framed);
    for (let i = 0; i < this.packets; i++) copy[this.starts[i]! + 1] = channel;
    this.variants ??= new Map();
    this.variants.set(channel, copy);
    return copy;
  }
}

/** Writes the packets of one access unit, one after the other, into a buffer of its own. */
export class RtpBatchWriter {
  private readonly framed: Buffer;
  private readonly starts: Uint32Array;
  private packets = 0;
  private at = 0;
  private payloadStart = 0;
  private readonly rtp: { -readonly [K in keyof RtpHeader]: RtpHeader[K] };

  /**
   * @param packets the most packets that will come
   * @param payloadBytes the most bytes of payload that will come
   */
  constructor(
    private readonly header: RtpBatchHeader,
    packets: number,
    payloadBytes: number,
  ) {
    this.framed = Buffer.allocUnsafe(payloadBytes + packets * (INTERLEAVED_HEADER_BYTES + RTP_HEADER_BYTES));
    this.starts = new Uint32Array(packets + 1);
    const { payloadType, sequence, timestamp, ssrc } = header;
    this.rtp = { payloadType, marker: false, sequenceNumber: sequence, timestamp, ssrc };
  }

  /** Begins the next packet. */
  begin(): void {
    const { framed, at, rtp } = this;
    this.starts[this.packets] = at;
    framed[at] = DOLLAR;
    framed[at + 1] = 0;
    this.payloadStart = this.at = writeRtpHeader(framed, at + INTERLEAVED_HEADER_BYTES, rtp);
    rtp.sequenceNumber++;
  }

  /** Payload: one byte. */
  byte(value: number): void {
    this.framed[this.at++] = value;
  }

  /** Payload: 16 bits, big-endian. */
  uint16(value: number): void {
    this.at = this.framed.writeUInt16BE(value, this.at);
  }

  /** Payload: bytes of the source. */
  bytes(source: Buffer, start: number, end: number): void {
    this.at += source.copy(this.framed, this.at, start, end);
  }

  /** Ends the packet that was begun. */
  end(): void {
    const length = this.at - this.payloadStart + RTP_HEADER_BYTES;
    this.framed.writeUInt16BE(length, this.payloadStart - RTP_HEADER_BYTES - 2);
    this.packets++;
  }

  /** The batch; its last packet carries the marker, which ends the access unit (RFC 6184, 5.1). */
  finish(): RtpBatch {
    this.starts[this.packets] = this.at;
    const last = this.starts[this.packets - 1]! + INTERLEAVED_HEADER_BYTES;
    this.framed[last + 1]! |= MARKER;
    return new RtpBatch(this.framed.subarray(0, this.at), this.starts.subarray(0, this.packets + 1), this.header);
  }
}
