/** What a server grants. Times in milliseconds. */
export interface ServerLimits {
  /** Sessions that play at the same time, over all streams. */
  readonly maxClients: number;
  /** Connections that play nothing; beyond it the oldest of them goes. */
  readonly maxIdleConnections: number;
  /** From a connection to its first whole request. */
  readonly firstRequestMs: number;
  /** Without a sign of life: a connection that plays nothing, and a session over UDP. */
  readonly sessionTimeoutMs: number;
  /** How long a stream may take to describe itself. */
  readonly describeTimeoutMs: number;
  /** Bytes that a TCP client may leave unread here before it is dropped. */
  readonly maxBufferedBytes: number;
  /** How far a TCP client may fall behind the stream before it is dropped; it goes between one and two times this. */
  readonly maxLagMs: number;
  /** Between RTCP sender reports. */
  readonly reportIntervalMs: number;
  /** The pause before a wrong password is answered. */
  readonly wrongPasswordDelayMs: number;
  /** Wrong passwords of one connection before it is closed. */
  readonly maxWrongPasswords: number;
}

export const DEFAULT_SERVER_LIMITS: ServerLimits = {
  // The contract's bound: a wall of monitors and a recorder, several times over; 800 Mb/s at 4 Mb/s each.
  maxClients: 200,
  // A viewer is idle for the milliseconds from connecting to PLAY; 64 of them at once is a rush.
  maxIdleConnections: 64,
  // A request is one packet; 10 s is what a lossy mobile link may need for it.
  firstRequestMs: 10_000,
  // RFC 2326, 12.37: the default timeout of a session, which clients that read no Session header assume.
  sessionTimeoutMs: 60_000,
  // A stream that exists has at least a slate at hand; players give up after 5 to 10 s.
  describeTimeoutMs: 5_000,
  // 8 s of a 4 Mb/s stream, or one of the largest keyframes: more is not a hiccup but a client that does not read.
  maxBufferedBytes: 4 * 1024 * 1024,
  // Live video that is seconds old is of no use; a Wi-Fi roam takes up to 2 s.
  maxLagMs: 4_000,
  // RFC 3550, 6.2: the recommended minimum for a session with few members.
  reportIntervalMs: 5_000,
  // Makes guessing slow, and a typing error no annoyance.
  wrongPasswordDelayMs: 1_000,
  maxWrongPasswords: 5,
};
