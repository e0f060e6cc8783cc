import { randomBytes } from 'node:crypto';
import { answerChallenge, type Challenge, type Credentials, parseChallenges, strongestChallenge } from './wire/auth.js';
import type { RtspResponse } from './wire/message.js';

/**
 * Answers a server's challenges with one set of credentials. Keeps the last challenge, so that later requests carry an answer
 * at once, and counts the uses of its nonce.
 */
export class ClientAuthenticator {
  /** The challenge in force; null: none was made, or none could be answered. */
  challenge: Challenge | null = null;
  private nonceCount = 0;
  /** An answer to the challenge in force was taken: the credentials are right. */
  private proven = false;

  constructor(private readonly credentials: Credentials | null) {}

  /** The Authorization value of a request, where one is known to be wanted. */
  authorize(method: string, uri: string): string | null {
    if (!this.challenge || !this.credentials) return null;
    this.nonceCount++;
    const cnonce = randomBytes(8).toString('hex');
    return answerChallenge(this.challenge, this.credentials, { method, uri, nonceCount: this.nonceCount, cnonce });
  }

  /** A request with an answer was not refused. */
  succeeded(): void {
    this.proven = true;
  }

  /**
   * Takes the challenge of a 401. Whether it is worth sending the request again: once, and once more where only the nonce was too old (stale; or
   * new, after the old one had been good: many cameras forget to say stale). Wrong credentials are sent once, since cameras
   * lock accounts that fail too often.
   * @param answers how often this request has been sent with an answer.
   */
  accept(response: RtspResponse, answers: number): boolean {
    const challenge = strongestChallenge(parseChallenges(response.headers.getAll('WWW-Authenticate')));
    if (!challenge) return false;
    const outdated = challenge.scheme === 'digest' && (challenge.stale || (this.proven && !this.isInForce(challenge)));
    this.challenge = challenge;
    this.nonceCount = 0;
    return this.credentials !== null && (answers === 0 || (outdated && answers < MAX_ANSWERS));
  }

  private isInForce(challenge: Extract<Challenge, { scheme: 'digest' }>): boolean {
    return this.challenge?.scheme === 'digest' && this.challenge.nonce === challenge.nonce;
  }

  /** There is something to answer with. */
  get hasCredentials(): boolean {
    return this.credentials !== null;
  }
}

/** Answers to one request: the first, and one with a fresh nonce. */
const MAX_ANSWERS = 2;
