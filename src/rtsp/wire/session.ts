import { parseParameter, splitQuoted } from './parameters.js';

/** The timeout where a server names none (RFC 2326, 12.37). */
export const DEFAULT_SESSION_TIMEOUT_S = 60;

/** A Session header (RFC 2326, 12.37). */
export interface Session {
  readonly id: string;
  /** Seconds without a sign of life after which the server ends the session. */
  readonly timeoutS: number;
}

/** Null where there is no identifier. A timeout that is no positive number counts as the default. */
export const parseSession = (value: string | undefined): Session | null => {
  const [idText = '', ...rest] = (value ?? '').split(';');
  const id = idText.trim();
  if (id === '' || /\s/.test(id)) return null;
  const parameters = splitQuoted(rest.join(';'), ';');
  const timeout = new Map(parameters.map(parseParameter)).get('timeout');
  const timeoutS = timeout && /^\d{1,9}$/.test(timeout) ? Number(timeout) : 0;
  return { id, timeoutS: timeoutS > 0 ? timeoutS : DEFAULT_SESSION_TIMEOUT_S };
};

/** `id;timeout=60`, as a server sends it; a client sends the id alone. */
export const formatSession = (session: Session): string => `${session.id};timeout=${session.timeoutS}`;
