/** Passwords: what is a good one, and how one is kept. */
import { hash, verify } from '@node-rs/argon2';
import { PeopleError } from './people-error.js';

/** Longer than what is guessed offline in a year (NIST SP 800-63B-4 asks for 15 where nothing else is asked for, 8 at the least). */
export const MIN_PASSWORD_LENGTH = 12;

/** A sentence fits; more is an attempt to keep the hash busy. */
export const MAX_PASSWORD_LENGTH = 128;

/** Argon2id with 19 MiB and two rounds (OWASP's first choice for the least memory): 26 ms here. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** Guesses at the strength below this (0 to 4) are found within 10^8 tries. */
const MIN_STRENGTH = 3;

/**
 * Checks a new password: long enough, and not what lists of passwords, keyboards, or `about` (names of the person and the site) suggest.
 *
 * @throws PeopleError `password-weak`
 */
export const checkPassword = async (password: string, about: readonly string[]): Promise<void> => {
  const length = [...password].length;
  if (length < MIN_PASSWORD_LENGTH || length > MAX_PASSWORD_LENGTH) {
    throw weak(`A password has ${MIN_PASSWORD_LENGTH} to ${MAX_PASSWORD_LENGTH} characters; this one has ${length}.`);
  }
  const words = about.flatMap((text) => [text, ...text.split(/[^\p{L}\p{N}]+/u)]).filter((word) => word.length > 2);
  const strength = await strengthOf(canonical(password), [...words, 'veilgate']);
  if (strength < MIN_STRENGTH) {
    throw weak('This password is easily guessed. Take four or more words that have nothing to do with each other.');
  }
};

/** What is kept of a password (PHC string format). */
export const hashPassword = (password: string): Promise<string> => hash(canonical(password), COST);

/** Whether it is the password. Takes as long where there is none to compare with, so that names cannot be told apart by time. */
export const verifyPassword = async (password: string, kept: string | null): Promise<boolean> => {
  const isRight = await verify(kept ?? (await nobodys()), canonical(password));
  return isRight && kept !== null;
};

/** One spelling for what looks the same (NIST SP 800-63B-4, 3.1.1.2). */
const canonical = (password: string): string => password.normalize('NFKC');

let hashOfNobody: Promise<string> | null = null;
const nobodys = (): Promise<string> => {
  hashOfNobody ??= hashPassword('the password of no account');
  return hashOfNobody;
};

/** The word lists take 7 MB: loaded when somebody sets a password, which is seldom. */
const strengthOf = async (password: string, about: string[]): Promise<number> => {
  const [{ ZxcvbnFactory }, { dictionary, adjacencyGraphs }] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
  ]);
  return new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs }).check(password, about).score;
};

const weak = (message: string): PeopleError => new PeopleError('password-weak', message);
