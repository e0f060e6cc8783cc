/** The gateway's API, asked with the token that this tab keeps. */

/** A gateway that answers nothing for so long, ms, is said to be lost. */
const ANSWER_TIMEOUT_MS = 5000;

/** Where the token lives: this tab, until it is closed. */
const TOKEN_KEY = 'veilgate.token';

/** What a header can carry. */
const TOKEN_SHAPE = /^[!-~]+$/;

/** The token is missing, wrong, or not to be tried again for now. */
export class Unauthorised extends Error {}

export const hasToken = () => sessionStorage.getItem(TOKEN_KEY) !== null;

export const forgetToken = () => sessionStorage.removeItem(TOKEN_KEY);

/** Keeps a token. Returns false for what cannot be one. */
export const keepToken = (text) => {
  const token = text.trim();
  if (!TOKEN_SHAPE.test(token)) return false;
  sessionStorage.setItem(TOKEN_KEY, token);
  return true;
};

/** Asks the API. @throws Unauthorised, or an Error with a sentence for people */
export const ask = async (path) => {
  let response;
  try {
    response = await fetch(path, {
      headers: { Authorization: `Bearer ${sessionStorage.getItem(TOKEN_KEY)}` },
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
      cache: 'no-store',
    });
  } catch {
    throw new Error('The gateway does not answer.');
  }
  if (response.ok) return response;
  const body = await response.json().catch(() => null);
  const message = body?.error?.message ?? `The gateway answered with ${response.status}.`;
  throw response.status === 401 || response.status === 429 ? new Unauthorised(message) : new Error(message);
};
