import { randomBytes } from 'node:crypto';
import type { TestGateway } from './gateway.js';

/** A person with an account of their own and a session, beside the admin token. */
export class SecondPerson {
  readonly #api: string;
  readonly #headers: Readonly<Record<string, string>>;

  private constructor(api: string, headers: Readonly<Record<string, string>>) {
    this.#api = api;
    this.#headers = headers;
  }

  /** Makes the account by the admin token, follows its invitation and logs in. */
  static async join(gateway: TestGateway, name: string, role = 'operator'): Promise<SecondPerson> {
    const api = `http://127.0.0.1:${gateway.ports.http}/api/v1`;
    const { secret } = await gateway.api<{ secret: string }>('POST', '/accounts', { name, role });
    const response = await fetch(`${api}/setup`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ secret, password: randomBytes(18).toString('base64') }),
    });
    if (!response.ok) throw new Error(`${name} could not log in: ${await response.text()}`);
    const { csrfToken } = (await response.json()) as { csrfToken: string };
    const cookie = response.headers.get('set-cookie')!.split(';')[0]!;
    return new SecondPerson(api, { cookie, 'x-csrf-token': csrfToken, 'content-type': 'application/json' });
  }

  /** Asks the API in this session. */
  ask(method: string, path: string, body?: unknown): Promise<Response> {
    const init = { method, headers: this.#headers };
    return fetch(`${this.#api}${path}`, body === undefined ? init : { ...init, body: JSON.stringify(body) });
  }

  /** Agrees to a request. */
  async agree(approval: string): Promise<void> {
    const response = await this.ask('POST', `/approvals/${approval}/decision`, { granted: true });
    if (!response.ok) throw new Error(`not agreed: ${await response.text()}`);
  }
}
