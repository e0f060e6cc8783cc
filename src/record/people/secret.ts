import { createHash, randomBytes } from 'node:crypto';

/** As strong as the hash that it is kept as. */
const SECRET_BYTES = 32;

/** A new secret for a session, a token or an invitation; `prefix` says what it is for whoever finds it. */
export const newSecret = (prefix: string): string => `${prefix}${randomBytes(SECRET_BYTES).toString('base64url')}`;

/** What is kept of a secret: its SHA-256, so that whoever reads the store has none. Secrets of 32 random bytes need no slower hash. */
export const digestOf = (secret: string): string => createHash('sha256').update(secret).digest('base64url');
