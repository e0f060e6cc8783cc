import type { Frame } from 'node-av/lib';
import { Decoder } from './decode/decoder.js';
import type { FrameTimes } from './held-frames.js';
import type { SourcePicture, SourceTrack } from './ingest/source.js';

/** Decoders hold at most 16 pictures back (H.264, A.3.1): after so many without a frame the source makes no sense. */
const MOST_UNDECODED = 100;

/** Damaged pictures are left out; without a sound one for so long, ms, the slate comes up. Viewers are promised one second. */
const DAMAGE_PATIENCE_MS = 700;

/** What comes of decoding. */
export interface DecodeEvents {
  /** A frame as it lies in the stream; reused as soon as this returns. */
  frame(frame: Frame, times: FrameTimes): void;
  /** Pictures have been arriving damaged for too long. */
  damaged(): void;
  /** Pictures come in, but none of them can be decoded. */
  undecodable(): void;
}

/** Coded pictures in, frames out: keeps a decoder for the source at hand, and the times of what is inside it. */
export class DecodeStage implements Disposable {
  readonly #hardware: boolean;
  readonly #events: DecodeEvents;
  #decoder: Decoder | null = null;
  #needKeyframe = true;
  /** The source's clock at each picture that is inside the decoder, for latency. */
  readonly #receivedAt = new Map<number, bigint>();
  /** Pictures that went in since a frame came out. */
  #undecoded = 0;
  /** `performance.now()` of the damage that no sound keyframe has followed yet. */
  #damagedSince: number | null = null;
  /** Of decoders that are gone. */
  #past = { errors: 0, heldBack: 0 };
  #picture: SourcePicture | null = null;
  #startedAt = 0;

  /** @param hardware try the machine's hardware decoders first */
  constructor(hardware: boolean, events: DecodeEvents) {
    this.#hardware = hardware;
    this.#events = events;
  }

  /** The decoder at work, or `none`: a source may give frames, which need none. */
  get name(): string {
    return this.#decoder?.name ?? 'none';
  }

  /** Pictures that were damaged or refused, ever. */
  get errors(): number {
    return this.#past.errors + (this.#decoder?.errors ?? 0);
  }

  /** Pictures left out since they build on a damaged one, ever. */
  get heldBack(): number {
    return this.#past.heldBack + (this.#decoder?.heldBack ?? 0);
  }

  /** Another track: the decoder before is gone. @throws AvError `decoder-missing`, `decoder-open` */
  open(track: SourceTrack): void {
    this.#retire();
    if (track.decoder) this.#decoder = new Decoder(track.decoder, this.#hardware);
  }

  /** Forgets what is on the way: it belongs to a picture that ended. */
  drop(): void {
    this.#receivedAt.clear();
    this.#needKeyframe = true;
  }

  /** Decodes one picture. @param keyframesOnly leave the others out, up to the next keyframe after it is false again */
  decode(picture: SourcePicture, keyframesOnly: boolean): void {
    const decoder = this.#decoder;
    if (!decoder) return;
    if (picture.keyframe) this.#needKeyframe = false;
    else if (this.#needKeyframe || keyframesOnly) {
      this.#needKeyframe = true;
      return;
    }
    if (this.#receivedAt.size > 64) this.#receivedAt.clear();
    if (picture.pts !== null) this.#receivedAt.set(picture.pts, picture.receivedAt);
    this.#picture = picture;
    this.#startedAt = performance.now();
    this.#undecoded++;
    decoder.decode(picture, this.#show);
    this.#heedDamage(decoder.isDamaged);
    if (this.#undecoded <= MOST_UNDECODED) return;
    this.#undecoded = 0;
    this.#events.undecodable();
  }

  /** Made once: a closure for each picture would be the collector's work. */
  readonly #show = (frame: Frame, pts: number): void => {
    const receivedAt = this.#receivedAt.get(pts) ?? this.#picture!.receivedAt;
    this.#receivedAt.delete(pts);
    this.#undecoded = 0;
    this.#events.frame(frame, { pts, receivedAt, decodeMs: performance.now() - this.#startedAt });
  };

  #heedDamage(isDamaged: boolean): void {
    if (!isDamaged) {
      this.#damagedSince = null;
      return;
    }
    this.#damagedSince ??= performance.now();
    if (performance.now() - this.#damagedSince > DAMAGE_PATIENCE_MS) this.#events.damaged();
  }

  #retire(): void {
    if (!this.#decoder) return;
    this.#past.errors += this.#decoder.errors;
    this.#past.heldBack += this.#decoder.heldBack;
    this.#decoder[Symbol.dispose]();
    this.#decoder = null;
  }

  [Symbol.dispose](): void {
    this.#retire();
  }
}
