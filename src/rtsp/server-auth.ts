import {
  type Challenge,
  type Credentials,
  formatChallenge,
  parseAuthorization,
  verifyAuthorization,
} from './wire/auth.js';
import type { RtspRequest } from './wire/message.js';

/** Who may watch. */
export interface RtspUser {
  readonly name: string;
  readonly password: string;
}

/** What a request's Authorization header proves. */
export type Admission = 'admitted' | 'unknown' | 'wrong';

const REALM = 'veilgate';
/** Compared with where nobody has the name, so that a wrong name takes as long as a wrong password. */
const NOBODY: Credentials = { username: '', password: '' };

/** Digest authentication (RFC 2617) of a server's clients; everyone is admitted where there are no users. */
export class DigestGate {
  private readonly credentials: ReadonlyMap<string, Credentials>;

  constructor(users: readonly RtspUser[]) {
    this.credentials = new Map(users.map(({ name, password }) => [name, { username: name, password }]));
  }

  /**
   * @param nonce of the connection: an answer is worth nothing on another
   * @returns `unknown` where no answer was given, or one to an older challenge
   */
  admit(request: RtspRequest, nonce: string): Admission {
    if (this.credentials.size === 0) return 'admitted';
    const answer = parseAuthorization(request.headers.get('Authorization'));
    if (!answer || (answer.scheme === 'digest' && answer.nonce !== nonce)) return 'unknown';
    const credentials = this.credentials.get(answer.username);
    const right = verifyAuthorization(answer, credentials ?? NOBODY, request.method, challengeOf(nonce));
    return right && credentials ? 'admitted' : 'wrong';
  }

  /** The WWW-Authenticate value. MD5 without qop is what ffmpeg, GStreamer and VLC all speak; the password stays secret. */
  challenge(nonce: string): string {
    return formatChallenge(challengeOf(nonce));
  }
}

const challengeOf = (nonce: string): Challenge => ({
  scheme: 'digest',
  realm: REALM,
  nonce,
  algorithm: 'MD5',
  qop: null,
  opaque: null,
  stale: false,
});
