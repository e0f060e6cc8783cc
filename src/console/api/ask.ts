import { heldToken } from './session.js';

/** A gateway that answers nothing for so long, ms, is said to be lost. Zone changes take up to 1.5 s. */
const ANSWER_TIMEOUT_MS = 8000;

/** One fault of what was sent. */
export interface Problem {
  readonly path: string;
  readonly code: string;
  readonly message: string;
  readonly cure: string;
}

/** What the gateway refused, or that it did not answer (status 0). */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly problems: readonly Problem[] = [],
  ) {
    super(message);
  }
}

/** Told when the gateway no longer knows who asks. */
let onSignedOut: () => void = () => undefined;
export const whenSignedOut = (listener: () => void): void => {
  onSignedOut = listener;
};

export interface Asking {
  readonly method?: 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number;
}

/** Asks the API. @throws ApiError */
export const ask = async (
  path: string,
  { method = 'GET', body, signal, timeoutMs }: Asking = {},
): Promise<Response> => {
  const token = heldToken();
  const limit = AbortSignal.timeout(timeoutMs ?? ANSWER_TIMEOUT_MS);
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers: {
        ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
      cache: 'no-store',
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError(0, 'no-answer', 'The gateway does not answer.');
  }
  if (response.ok) return response;
  const { error } = ((await response.json().catch(() => null)) ?? {}) as { error?: Partial<ApiError> };
  const failure = new ApiError(
    response.status,
    error?.code ?? 'unknown',
    error?.message ?? `The gateway answered with ${response.status}.`,
    error?.problems,
  );
  if (response.status === 401) onSignedOut();
  throw failure;
};

export const askJson = async <T>(path: string, asking?: Asking): Promise<T> =>
  (await (await ask(path, asking)).json()) as T;
