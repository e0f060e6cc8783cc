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

  constructor(private readonly credentials: Credentials | null) {}

  /** The Authorization value of a request, where one is known to be wanted. */
  authorize(method: string, uri: string): string | null {
    if (!this.challenge || !this.credentials) return null;
    this.nonceCount++;
    const cnonce = randomBytes(8).toString('hex');
    return answerChallenge(this.challenge, this.credentials, { method, uri, nonceCount: this.nonceCount, cnonce });
  }

  /**
   * Takes the challenge of a 401. Whether it is worth sending the request again: it is not where the same credentials were just
   * refused, unless only the nonce was too old (stale, or a new one: many cameras forget to say stale).
   * @param attempts how often this request has been answered with an Authorization.
   */
  accept(response: RtspResponse, attempts: number): boolean {
    const challenge = strongestChallenge(parseChallenges(response.headers.getAll('WWW-Authenticate')));
    if (!challenge) return false;
    const previous = this.challenge;
    this.challenge = challenge;
    this.nonceCount = 0;
    if (!this.credentials || attempts >= MAX_ANSWERS) return false;
    if (attempts === 0 || challenge.scheme === 'basic') return attempts === 0;
    return challenge.stale || previous?.scheme !== 'digest' || previous.nonce !== challenge.nonce;
  }

  /** There is something to answer with. */
  get hasCredentials(): boolean {
    return this.credentials !== null;
  }
}

/** Answers to one request: the first, and one with a fresh nonce. More would lock accounts of cameras that count failures. */
const MAX_ANSWERS = 2;
