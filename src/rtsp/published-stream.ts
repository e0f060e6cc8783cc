/**
 * What an egress (RTSP server, push, live view) needs to know of a stream: the seam between those who produce masked access
 * units and those who hand them on. Only masked pictures and slates ever come through it.
 */
export type VideoCodec = 'h264' | 'h265';

/** Ticks a second of every video clock here (RFC 6184, 8.2.1; RFC 7798, 7.1). */
export const CLOCK_HZ = 90_000;

/**
 * One coded picture. Immutable, and shared by every consumer: never write to `data`. Live or replayed, every consumer is handed
 * the same object, so that what is derived from it (its RTP packets) is made once.
 */
export interface AccessUnit {
  /** Annex B bytes with 4- or 3-byte start codes; a keyframe begins with its parameter sets. */
  readonly data: Buffer;
  readonly keyframe: boolean;
  /** Presentation time in ticks of 90 kHz on the stream's own clock; strictly rising, never wrapped. */
  readonly timestamp: number;
}

export interface StreamDescription {
  readonly codec: VideoCodec;
  /** NAL units without start codes: SPS, PPS (H.264) or VPS, SPS, PPS (H.265). */
  readonly parameterSets: readonly Buffer[];
  readonly width: number;
  readonly height: number;
  /** Pictures a second of the picture (a slate has fewer), where known. */
  readonly frameRate?: number;
}

export type AccessUnitListener = (unit: AccessUnit) => void;

/** What one consumer was handed and has not taken: it waits in this process. */
export interface Backlog {
  /** Sees to it that nothing handed over so far waits here any more, and calls back then (perhaps at once); also where the consumer is gone. */
  flush(done: () => void): void;
  /** Ends a consumer that takes too long, with all that waits for it. */
  end(): void;
}

/** One camera's masked output. It exists in every state of the camera: where there is no picture it carries the slate. */
export interface PublishedStream {
  readonly id: string;
  /** What a client that joins now will get; resolves as soon as there is at least a slate. */
  describe(): Promise<StreamDescription>;
  /** What its units are from the last keyframe on; null before the first. */
  readonly description: StreamDescription | null;
  /** Sees each unit from now on, without asking for any: the encoder may sleep. Returns how to stop. */
  observe(listener: AccessUnitListener): () => void;
  /**
   * Asks for pictures: wakes the encoder, and starts with a keyframe. Where the last keyframe is young, the units since
   * then are handed over at once (synchronously); otherwise a fresh keyframe is forced. Returns how to leave.
   * @param backlog flushed where units handed over before may not be shown any more, also after its consumer has left
   */
  join(listener: AccessUnitListener, backlog: Backlog): () => void;
}

/** The streams that exist now, by camera id. */
export interface StreamCatalogue {
  get(id: string): PublishedStream | undefined;
}
