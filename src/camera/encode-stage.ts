import { AVCOL_SPC_RGB, AVCOL_SPC_SMPTE170M } from 'node-av/constants';
import type { Frame } from 'node-av/lib';
import { compareDecodedMask } from '../masking/decode-back.js';
import type { MaskFault } from '../masking/mask-fault.js';
import type { MaskedFrame } from '../masking/masked-frame.js';
import { CLOCK_HZ } from '../rtsp/published-stream.js';
import { RisingClock } from './clock.js';
import type { Canvas } from './decode/canvas.js';
import { type EncodedPicture, Encoder, type OutputFormat } from './encode/encoder.js';
import { RateControl } from './encode/rate-control.js';
import { Witness } from './encode/witness.js';
import type { OutputConfig } from './messages.js';

/** Seconds between keyframes: what a client that lost one waits for at most. */
const GOP_SECONDS = 2;

/**
 * A keyframe that is due stays so far from the source's, ticks (0.5 s). Whole pictures are dear to decode, encode and decode again: one
 * behind the other they made the slowest frames of all (1080p25, two clients on two cores: p99 53 ms).
 */
const KEYFRAMES_APART = CLOCK_HZ / 2;

/** The encoder's own output is decoded again and checked this often, ticks (10 s), always on a keyframe. */
const DECODE_BACK_EVERY = 10 * CLOCK_HZ;

/** Rate for a source whose own is not known yet, bits per pixel and frame: 5.2 Mb/s at 1080p25. */
const FIRST_BITS_PER_PIXEL = 0.1;

/** Bounds of a rate that follows the source's, bits/s. */
const LOWEST_BITRATE = 200_000;
const HIGHEST_BITRATE = 16_000_000;

/** A source's rate has changed when it is off by more than this share. */
const BITRATE_TOLERANCE = 0.25;

/** Pictures that leave, and what they were decoded back to. */
export interface EncodeEvents {
  picture(picture: EncodedPicture): void;
  /** The encoder's output does not hold the mask: nothing more may be published. */
  fault(fault: MaskFault | 'undecodable'): void;
  /** An encoder was opened, for all pictures until the next one is. */
  opened(name: string, format: OutputFormat): void;
}

/**
 * Masked frames in, coded pictures out: keeps an encoder for the format at hand, forces keyframes by time and on request, and looks at
 * its own output as a client would.
 */
export class EncodeStage implements Disposable {
  readonly #output: OutputConfig;
  readonly #events: EncodeEvents;
  readonly #clock: RisingClock;
  #fps: number;
  #encoder: Encoder | null = null;
  /** What a scene needs is learnt once, also where its encoder sleeps. */
  #rate: RateControl | null = null;
  #witness: Witness | null = null;
  #sourceBitrate: number | null = null;
  #keyframeWanted = true;
  #lastKeyframe = 0;
  #lastSourceKeyframe = Number.NEGATIVE_INFINITY;
  #lastDecodeBack = Number.NEGATIVE_INFINITY;
  /** Quantiser of the encoder at work. */
  #qp = 0;
  #decodeBacks = 0;
  /** The encoder at work has shown that its output holds the mask. */
  #proven = false;
  #encoded = 0;
  /** What the encoder is at, for the pictures that it gives out meanwhile. */
  #masked: MaskedFrame<Canvas> | null = null;
  #time = 0;

  /** @param clock that gives the pictures their times */
  constructor(output: OutputConfig, events: EncodeEvents, fps: number, clock = new RisingClock(fps)) {
    this.#output = output;
    this.#events = events;
    this.#fps = fps;
    this.#clock = clock;
  }

  get decodeBacks(): number {
    return this.#decodeBacks;
  }

  get encoded(): number {
    return this.#encoded;
  }

  /** The next picture is a keyframe. */
  forceKeyframe(): void {
    this.#keyframeWanted = true;
  }

  /** What the source's own pictures take, bits/s: followed unless the site file says otherwise. */
  followBitrate(bitsPerSecond: number): void {
    const rate = Math.round(Math.min(HIGHEST_BITRATE, Math.max(LOWEST_BITRATE, bitsPerSecond)));
    const known = this.#sourceBitrate;
    if (known !== null && Math.abs(rate - known) < known * BITRATE_TOLERANCE) return;
    this.#sourceBitrate = rate;
    if (this.#output.bitrate !== null) return;
    if (this.#rate) this.#rate.bound = rate;
    if (this.#encoder && !this.#encoder.keepsQuantiser) this.#encoder.bitrate = rate;
  }

  /** A source with another rhythm. */
  set fps(fps: number) {
    this.#fps = fps;
  }

  /**
   * Encodes one picture. `source` is the frame that was masked: only its colour description and pixel shape are read.
   * @throws AvError `encoder-open`, `encode-failed`
   */
  encode(masked: MaskedFrame<Canvas>, source: Frame, pts: number): void {
    if (!this.#encoder || !hasFormat(this.#encoder.format, masked.picture, source))
      this.#open(formatOf(masked.picture, source));
    this.#masked = masked;
    this.#time = this.#clock.next(pts);
    if (source.keyFrame) this.#lastSourceKeyframe = this.#time;
    const key = this.#keyframeWanted || this.#endsGroup();
    if (key && this.#rate && this.#rate.qp !== this.#qp) this.#requantise();
    this.#encoder!.encode(masked, this.#time, key, this.#publish);
  }

  /** Whether the picture at hand begins a group of its own, by time or by rate. */
  #endsGroup(): boolean {
    if (!this.#isKeyframeDue()) return this.#rate?.mustEndGroup() ?? false;
    this.#rate?.endGroup();
    return true;
  }

  #isKeyframeDue(): boolean {
    const overdue = this.#time - this.#lastKeyframe - GOP_SECONDS * CLOCK_HZ;
    if (overdue < 0) return false;
    return overdue >= KEYFRAMES_APART || this.#time - this.#lastSourceKeyframe >= KEYFRAMES_APART;
  }

  /** Gives out what the encoder still holds, at the end of a file. */
  flush(): void {
    this.#encoder?.flush(this.#publish);
    this.sleep();
  }

  /** Made once: a closure for each picture would be the collector's work. */
  readonly #publish = (picture: EncodedPicture): void => {
    let wasProven = false;
    if (picture.keyframe) {
      this.#lastKeyframe = this.#time;
      // What a new encoder gives out is proven before anybody sees it. Later looks come after the picture is out: they take 20 ms.
      wasProven = this.#proven;
      if (!wasProven && !this.#holdsInOutput(this.#masked!, picture)) return;
      this.#proven = true;
    }
    this.#keyframeWanted = false;
    this.#rate?.count(picture.data.length, picture.keyframe, this.#time);
    this.#encoded++;
    this.#events.picture(picture);
    if (wasProven && this.#time - this.#lastDecodeBack >= DECODE_BACK_EVERY)
      this.#holdsInOutput(this.#masked!, picture);
  };

  /** Lets the encoder go: whoever wakes it gets a keyframe. */
  sleep(): void {
    this.#encoder?.[Symbol.dispose]();
    this.#encoder = null;
    this.#proven = false;
    this.#keyframeWanted = true;
  }

  [Symbol.dispose](): void {
    this.sleep();
    this.#witness?.[Symbol.dispose]();
    this.#witness = null;
  }

  #open(format: OutputFormat): void {
    this.sleep();
    const { codec, hardware } = this.#output;
    const bitrate = this.#bitrateOf(format);
    this.#rate ??= new RateControl(bitrate, GOP_SECONDS * CLOCK_HZ);
    this.#rate.bound = bitrate;
    this.#qp = this.#rate.qp;
    this.#encoder = new Encoder({ codec, format, fps: this.#fps, bitrate, qp: this.#qp, hardware });
    if (!this.#encoder.keepsQuantiser) this.#rate = null;
    this.#events.opened(this.#encoder.name, format);
  }

  /** bits/s */
  #bitrateOf({ width, height }: OutputFormat): number {
    return this.#output.bitrate ?? this.#sourceBitrate ?? width * height * this.#fps * FIRST_BITS_PER_PIXEL;
  }

  /** Another quantiser is another encoder: 10 ms more. It needs no proof of its own, since all else is the same. */
  #requantise(): void {
    const { format, name } = this.#encoder!;
    this.#encoder![Symbol.dispose]();
    this.#encoder = null;
    this.#qp = this.#rate!.qp;
    const { codec } = this.#output;
    const setup = { codec, format, fps: this.#fps, bitrate: this.#bitrateOf(format), qp: this.#qp, hardware: false };
    this.#encoder = new Encoder(setup);
    if (this.#encoder.name !== name) this.#events.opened(this.#encoder.name, format);
  }

  /** Whether a keyframe shows the mask when decoded again. A fault is told. */
  #holdsInOutput(masked: MaskedFrame<Canvas>, picture: EncodedPicture): boolean {
    this.#lastDecodeBack = this.#time;
    this.#decodeBacks++;
    this.#witness ??= new Witness(this.#output.codec);
    const seen = this.#witness.look(picture.data);
    const fault = seen ? compareDecodedMask(masked.plan, masked.picture.planes, seen) : 'undecodable';
    if (fault) this.#events.fault(fault);
    return fault === null;
  }
}

function formatOf(canvas: Canvas, source: Frame): OutputFormat {
  const { num, den } = source.sampleAspectRatio;
  return {
    width: canvas.width,
    height: canvas.height,
    fullRange: canvas.fullRange,
    sampleAspectRatio: num > 0 && den > 0 ? { num, den } : { num: 1, den: 1 },
    primaries: source.colorPrimaries,
    transfer: source.colorTrc,
    space: spaceOf(source),
  };
}

/** RGB is brought to Y, U and V by the matrix of BT.601, the converter's default; everything else keeps its own. */
const spaceOf = (source: Frame): OutputFormat['space'] =>
  source.colorSpace === AVCOL_SPC_RGB ? AVCOL_SPC_SMPTE170M : source.colorSpace;

/** Whether a picture is of this format. Looks at the cheap fields first, and makes no object for it but the engine's own. */
function hasFormat(format: OutputFormat, canvas: Canvas, source: Frame): boolean {
  if (format.width !== canvas.width || format.height !== canvas.height || format.fullRange !== canvas.fullRange)
    return false;
  if (format.primaries !== source.colorPrimaries || format.transfer !== source.colorTrc) return false;
  const { num, den } = source.sampleAspectRatio;
  const known = format.sampleAspectRatio;
  const sameShape = num > 0 && den > 0 ? num * known.den === known.num * den : known.num === known.den;
  return sameShape && format.space === spaceOf(source);
}
