/** What the scout is asked, and what it answers: plain data, as long as this at most. */

/** Cameras told of in one answer; a segment with more is looked at by its integrator with better tools. */
export const MAX_FOUND = 256;
/** Streams of one camera; they have two to four. */
export const MAX_STREAMS = 32;
/** Characters of a name that a camera gives itself. */
export const MAX_NAME = 100;
/** Characters of an address. */
export const MAX_ADDRESS = 500;

/** A device that answered a WS-Discovery probe. */
export interface FoundDevice {
  /** As it calls itself; empty where it does not. */
  readonly name: string;
  readonly hardware: string;
  /** Address of its device service, without credentials. */
  readonly service: string;
}

/** A stream that a camera offers. */
export interface OfferedStream {
  readonly name: string;
  /** RTSP address, without credentials. */
  readonly url: string;
  /** As the camera names it, or null. */
  readonly codec: string | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly fps: number | null;
}

export type ScoutOrder =
  | { readonly type: 'discover'; readonly timeoutMs: number }
  /** `service` with the credentials. */
  | { readonly type: 'streams'; readonly service: string };

export type ScoutAnswer =
  | { readonly type: 'devices'; readonly devices: readonly FoundDevice[] }
  | { readonly type: 'streams'; readonly streams: readonly OfferedStream[] }
  | { readonly type: 'failed'; readonly why: string };
