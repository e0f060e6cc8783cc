/** How long the client waits for what, in milliseconds. */
export interface ClientTimeouts {
  /** Until the connection stands, TLS included. */
  readonly connectMs: number;
  /** Until a request is answered. */
  readonly responseMs: number;
  /** From the answer to PLAY to the first picture. */
  readonly firstPictureMs: number;
  /** Between two pictures. */
  readonly stallMs: number;
  /** For the goodbye; the connection is closed either way. */
  readonly teardownMs: number;
}

export const DEFAULT_TIMEOUTS: ClientTimeouts = {
  // A camera on the same network answers within milliseconds; one that boots refuses.
  connectMs: 5_000,
  // Sources that start on demand (a recorder, a transcoder) take some seconds to DESCRIBE.
  responseMs: 10_000,
  // Encoders that are started by PLAY fill their lookahead first.
  firstPictureMs: 5_000,
  // What viewers are promised: after this, the slate.
  stallMs: 3_000,
  // Long enough for a camera to free the session, which some have only four of.
  teardownMs: 500,
};
