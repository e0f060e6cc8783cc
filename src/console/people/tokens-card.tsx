import { type FormEvent, useState } from 'react';
import { ask, askJson } from '../api/ask.js';
import { useMay, useMe } from '../api/me.js';
import type { ApiToken, MadeToken } from '../api/types.js';
import { usePoll } from '../api/use-poll.js';
import { Notice } from '../parts/notice.js';
import { ShownOnce } from '../parts/shown-once.js';
import { TextField } from '../parts/text-field.js';
import { useAttempt } from '../parts/use-attempt.js';
import { WideTable } from '../parts/wide-table.js';
import { useSpeech } from '../words/words.js';

const INTERVAL_MS = 10_000;
const SCOPES = ['read', 'operate', 'configure', 'export'] as const;
/** As the gateway presets and bounds it, days. */
const PRESET_DAYS = 90;
const MAX_DAYS = 366;

const fetchTokens = async (signal: AbortSignal): Promise<readonly ApiToken[]> =>
  (await askJson<{ tokens: ApiToken[] }>('/api/v1/tokens', { signal })).tokens;

/** What programs come in with: made for a purpose and a time, shown once, revoked at once. */
export const TokensCard = () => {
  const { say, format } = useSpeech();
  const me = useMe();
  const may = useMay('approve') && me.kind !== 'token';
  const { value, refresh } = usePoll(fetchTokens, INTERVAL_MS);
  const { busy, complaint, attempt } = useAttempt();
  const [name, setName] = useState('');
  const [days, setDays] = useState(String(PRESET_DAYS));
  const [scopes, setScopes] = useState<readonly string[]>(['read']);
  const [made, setMade] = useState<MadeToken | null>(null);
  const create = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    await attempt(async () => {
      const body = { name: name.trim(), scopes, days: Number(days) };
      setMade(await askJson<MadeToken>('/api/v1/tokens', { method: 'POST', body }));
      setName('');
      refresh();
    });
  };
  const revoke = (id: string) =>
    attempt(async () => {
      await ask(`/api/v1/tokens/${encodeURIComponent(id)}`, { method: 'DELETE' });
      refresh();
    });
  return (
    <section className="card people" aria-labelledby="tokens-title">
      <h2 id="tokens-title">{say.people.tokens}</h2>
      <p className="hint">{say.people.tokensHint}</p>
      {complaint && (
        <Notice tone="bad" role="alert">
          {complaint}
        </Notice>
      )}
      {made && <ShownOnce what={say.people.tokenMade(made.token.name)} secret={made.secret} />}
      {value?.length === 0 && <p className="hint">{say.people.noTokens}</p>}
      {value !== null && value.length > 0 && (
        <WideTable
          label={say.people.tokens}
          columns={[
            say.people.tokenFor,
            say.people.owner,
            say.people.may,
            say.people.until,
            say.people.lastUsed,
            say.people.change,
          ]}
        >
          {value.map((token) => (
            <tr key={token.id} data-token={token.name}>
              <th scope="row">{token.name}</th>
              <td>{token.account}</td>
              <td>{token.scopes.map((scope) => say.people.scopes[scope]).join(say.listGap)}</td>
              <td>{format.date(token.expiresAt)}</td>
              <td>{token.lastUsedAt === null ? say.people.never : format.dateTime(token.lastUsedAt)}</td>
              <td>
                {token.revokedAt !== null || Date.parse(token.expiresAt) < Date.now() ? (
                  <span className="badge">{token.revokedAt !== null ? say.people.revoked : say.people.expired}</span>
                ) : (
                  <button type="button" className="quiet small" disabled={!may} onClick={() => void revoke(token.id)}>
                    {say.people.revoke}
                  </button>
                )}
              </td>
            </tr>
          ))}
        </WideTable>
      )}
      {may && (
        <form className="in-line" onSubmit={create}>
          <TextField label={say.people.tokenFor} value={name} maxLength={100} onChange={setName} />
          <TextField label={say.people.days} value={days} type="number" min={1} max={MAX_DAYS} onChange={setDays} />
          <fieldset>
            <legend>{say.people.may}</legend>
            {SCOPES.filter((scope) => me.scopes.includes(scope)).map((scope) => (
              <label key={scope}>
                <input
                  type="checkbox"
                  checked={scopes.includes(scope)}
                  onChange={({ target }) =>
                    setScopes(target.checked ? [...scopes, scope] : scopes.filter((other) => other !== scope))
                  }
                />
                {say.people.scopes[scope]}
              </label>
            ))}
          </fieldset>
          <button type="submit" disabled={busy || scopes.length === 0}>
            {say.people.makeToken}
          </button>
        </form>
      )}
    </section>
  );
};
