import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { VeilgateError } from '../errors.js';
import { replaceFile } from '../replace-file.js';

/** The environment variable that presets the token. */
const TOKEN_VARIABLE = 'VEILGATE_TOKEN';

/** The file that holds it otherwise, in `storage.dir`. */
const TOKEN_FILE = 'admin.token';

/** Below it, guessing succeeds in days even at the rate that is let through. */
const MIN_TOKEN_LENGTH = 8;

/** No header field takes more without being cut somewhere on its way. */
const MAX_TOKEN_LENGTH = 512;

/** As strong as the hash that it is kept as. */
const TOKEN_BYTES = 32;

/** Visible ASCII: what an Authorization header carries unchanged (RFC 9110, 5.6.2; RFC 6750, 2.1 is narrower). */
const TOKEN_SHAPE = /^[!-~]+$/;

/** Bits of a file's mode by which anyone but its owner may do anything. */
const OTHERS = 0o077;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The token that opens the API. Only its SHA-256 is kept, so that neither a heap dump nor a log can show it, and so that comparing
 * takes as long for a near miss as for anything else.
 *
 * @example new AdminToken('correct horse').matches('correct horse') // true
 */
export class AdminToken {
  readonly #digest: Buffer;

  constructor(token: string) {
    this.#digest = digestOf(token);
  }

  matches(presented: string): boolean {
    return timingSafeEqual(digestOf(presented), this.#digest);
  }
}

/**
 * The token of a gateway that starts: `VEILGATE_TOKEN` where it is set, else what `<storageDir>/admin.token` holds, else a new one, which is
 * written there for its owner alone (0600) before this resolves.
 *
 * @throws VeilgateError `token-malformed` (too short or long, or not visible ASCII), `token-exposed` (others may read the file),
 * `token-unavailable` (the file cannot be read or written)
 */
export const loadAdminToken = async (storageDir: string, env: Environment): Promise<AdminToken> => {
  const known = await findAdminToken(storageDir, env);
  return new AdminToken(known ?? (await writeNewToken(storageDir)));
};

/**
 * The token in clear, for a command that speaks to a running gateway; null where there is none yet. Throws like `loadAdminToken`.
 */
export const findAdminToken = async (storageDir: string, env: Environment): Promise<string | null> => {
  const preset = env[TOKEN_VARIABLE];
  // Empty is how compose files and shells spell "not set".
  if (preset !== undefined && preset !== '') return checked(preset, TOKEN_VARIABLE, 'Set a longer one, or unset it.');
  const path = join(storageDir, TOKEN_FILE);
  const text = await readPrivateFile(path);
  return text === null ? null : checked(text.trim(), path, 'Delete the file: the next start writes a new one.');
};

const digestOf = (token: string): Buffer => createHash('sha256').update(token).digest();

const checked = (token: string, place: string, cure: string): string => {
  if (token.length >= MIN_TOKEN_LENGTH && token.length <= MAX_TOKEN_LENGTH && TOKEN_SHAPE.test(token)) return token;
  throw new VeilgateError(
    'token-malformed',
    `${place}: an admin token has ${MIN_TOKEN_LENGTH} to ${MAX_TOKEN_LENGTH} visible ASCII characters and no space. ${cure}`,
  );
};

/** null where there is no such file. */
const readPrivateFile = async (path: string): Promise<string | null> => {
  try {
    await using file = await open(path, 'r');
    const { mode } = await file.stat();
    if ((mode & OTHERS) !== 0) {
      throw new VeilgateError(
        'token-exposed',
        `${path}: other users of this machine may read the admin token. Delete the file (the next start writes a new one), or set ${TOKEN_VARIABLE} where the file system knows no owners.`,
      );
    }
    return await file.readFile('utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw unavailable(path, 'read', error);
  }
};

const writeNewToken = async (storageDir: string): Promise<string> => {
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  const path = join(storageDir, TOKEN_FILE);
  try {
    await mkdir(storageDir, { recursive: true, mode: 0o700 });
    await replaceFile(path, `${token}\n`);
  } catch (error) {
    throw unavailable(path, 'written', error);
  }
  return token;
};

const unavailable = (path: string, what: 'read' | 'written', error: unknown): VeilgateError => {
  if (error instanceof VeilgateError) return error;
  const { code = 'unknown' } = error as NodeJS.ErrnoException;
  const message = `${path}: the admin token cannot be ${what} (${code}). Make storage.dir writable, or set ${TOKEN_VARIABLE}.`;
  return new VeilgateError('token-unavailable', message, { cause: error });
};
