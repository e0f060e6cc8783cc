import { heldCsrfToken, heldToken } from './session.js';

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
    /** The request that waits for a second person. */
    readonly approval: string | null = null,
  ) {
    super(message);
  }
}

/** Told when the gateway no longer knows who asks. */
let onSignedOut: () => void = () => undefined;
export const whenSignedOut = (listener: () => void): void => {
  onSignedOut = listener;
};

/** Waits for the second person's word on a request: true where they agreed. */
type SecondPerson = (approval: string) => Promise<boolean>;
let askSecondPerson: SecondPerson | null = null;
export const whenSecondPersonNeeded = (wait: SecondPerson | null): void => {
  askSecondPerson = wait;
};

export interface Asking {
  readonly method?: 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number;
  /** The request that a second person agreed to. */
  readonly approval?: string;
}

/** Asks the API. What takes two people is sent again once the second one has agreed. @throws ApiError */
export const ask = async (path: string, asking: Asking = {}): Promise<Response> => {
  const { method = 'GET', body, signal, timeoutMs, approval } = asking;
  const token = heldToken();
  const csrfToken = method === 'GET' ? null : heldCsrfToken();
  const limit = AbortSignal.timeout(timeoutMs ?? ANSWER_TIMEOUT_MS);
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers: {
        ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
        ...(csrfToken === null ? {} : { 'X-CSRF-Token': csrfToken }),
        ...(approval === undefined ? {} : { Approval: approval }),
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
    error?.approval,
  );
  if (response.status === 401) onSignedOut();
  if (failure.code === 'second-person-needed' && failure.approval && askSecondPerson && approval === undefined) {
    if (await askSecondPerson(failure.approval)) return ask(path, { ...asking, approval: failure.approval });
  }
  throw failure;
};

export const askJson = async <T>(path: string, asking?: Asking): Promise<T> =>
  (await (await ask(path, asking)).json()) as T;
