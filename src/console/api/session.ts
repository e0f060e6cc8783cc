/** Who this tab speaks as. The token lives in this tab until it is closed; a session's cookie is the browser's, out of reach of scripts. */
const TOKEN_KEY = 'veilgate.token';

/** What a header can carry. */
const TOKEN_SHAPE = /^[!-~]+$/;

export const heldToken = (): string | null => sessionStorage.getItem(TOKEN_KEY);

export const forgetToken = (): void => sessionStorage.removeItem(TOKEN_KEY);

/** Keeps a token. Returns false for what cannot be one. */
export const keepToken = (text: string): boolean => {
  const token = text.trim();
  if (!TOKEN_SHAPE.test(token)) return false;
  sessionStorage.setItem(TOKEN_KEY, token);
  return true;
};
