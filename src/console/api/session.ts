export type Role = 'operator' | 'integrator' | 'regulator' | 'admin';

/** What may be done; a role or a token has some of these. */
export type Scope = 'read' | 'operate' | 'configure' | 'commission' | 'export' | 'inspect' | 'approve' | 'administer';

/** Who is signed in, as `GET /api/v1/me`, login and setup answer. */
export interface Me {
  readonly kind: 'account' | 'token' | 'admin-token';
  readonly name: string;
  readonly role: Role;
  readonly scopes: readonly Scope[];
  readonly csrfToken: string | null;
}

/** What every change must carry that comes with a session's cookie. */
let csrfToken: string | null = null;
export const heldCsrfToken = (): string | null => csrfToken;
export const keepCsrfToken = (token: string | null): void => {
  csrfToken = token;
};

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
