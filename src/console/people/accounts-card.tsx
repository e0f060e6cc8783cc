import { type FormEvent, useState } from 'react';
import { ask, askJson } from '../api/ask.js';
import { useMay, useMe } from '../api/me.js';
import type { Role } from '../api/session.js';
import type { Account, Invitation } from '../api/types.js';
import { usePoll } from '../api/use-poll.js';
import { Choice } from '../parts/choice.js';
import { Notice } from '../parts/notice.js';
import { ShownOnce } from '../parts/shown-once.js';
import { TextField } from '../parts/text-field.js';
import { useAttempt } from '../parts/use-attempt.js';
import { WideTable } from '../parts/wide-table.js';
import { useSpeech } from '../words/words.js';

const INTERVAL_MS = 10_000;
const ROLES: readonly Role[] = ['operator', 'integrator', 'regulator', 'admin'];

const fetchAccounts = async (signal: AbortSignal): Promise<readonly Account[]> =>
  (await askJson<{ accounts: Account[] }>('/api/v1/accounts', { signal })).accounts;

/** All accounts; an administrator makes them, changes roles, invites anew and locks out. */
export const AccountsCard = () => {
  const { say, format } = useSpeech();
  const me = useMe();
  const may = useMay('administer');
  const { value, refresh } = usePoll(fetchAccounts, INTERVAL_MS);
  const { busy, complaint, attempt } = useAttempt();
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('operator');
  const [invited, setInvited] = useState<Invitation | null>(null);
  const path = (account: string): string => `/api/v1/accounts/${encodeURIComponent(account)}`;
  const invite = (method: () => Promise<Invitation>) =>
    attempt(async () => {
      setInvited(await method());
      setName('');
      refresh();
    });
  const create = (event: FormEvent): void => {
    event.preventDefault();
    void invite(() => askJson('/api/v1/accounts', { method: 'POST', body: { name: name.trim(), role } }));
  };
  const change = (account: string, body: { role?: Role; disabled?: boolean }) =>
    attempt(async () => {
      await ask(path(account), { method: 'PATCH', body });
      refresh();
    });
  return (
    <section className="card people" aria-labelledby="accounts-title">
      <h2 id="accounts-title">{say.people.accounts}</h2>
      {complaint && (
        <Notice tone="bad" role="alert">
          {complaint}
        </Notice>
      )}
      {invited && (
        <ShownOnce
          what={say.people.invited(invited.account, format.dateTime(invited.expiresAt))}
          secret={location.origin + invited.path}
        />
      )}
      {value?.length === 0 && <p className="hint">{say.people.noAccounts}</p>}
      {value !== null && value.length > 0 && (
        <WideTable
          label={say.people.accounts}
          columns={[say.door.user, say.people.role, say.people.lastSeen, ...(may ? [say.people.change] : [])]}
        >
          {value.map((account) => (
            <tr key={account.name} data-account={account.name}>
              <th scope="row">
                {account.displayName}{' '}
                <span className="hint">{account.name === account.displayName ? '' : account.name}</span>
                {account.disabledAt !== null && <span className="badge">{say.people.disabled}</span>}
                {account.passwordAt === null && (
                  <span className="badge" data-tone="warn">
                    {say.people.waits}
                  </span>
                )}
              </th>
              <td>
                {may && account.name !== me.name ? (
                  <Choice
                    quiet
                    label={`${say.people.role}: ${account.name}`}
                    value={account.role}
                    options={ROLES.map((each) => ({ value: each, label: say.roles[each] }))}
                    onChange={(next) => void change(account.name, { role: next })}
                  />
                ) : (
                  say.roles[account.role]
                )}
              </td>
              <td>{account.lastLoginAt === null ? say.people.never : format.dateTime(account.lastLoginAt)}</td>
              {may && (
                <td>
                  {account.name !== me.name && (
                    <div className="actions">
                      <button
                        type="button"
                        className="quiet small"
                        onClick={() =>
                          void invite(() => askJson(`${path(account.name)}/invitation`, { method: 'POST' }))
                        }
                      >
                        {say.people.newPassword}
                      </button>
                      <button
                        type="button"
                        className="quiet small"
                        onClick={() => void change(account.name, { disabled: account.disabledAt === null })}
                      >
                        {account.disabledAt === null ? say.people.disable : say.people.enable}
                      </button>
                    </div>
                  )}
                </td>
              )}
            </tr>
          ))}
        </WideTable>
      )}
      {may && (
        <form className="in-line" onSubmit={create}>
          <TextField label={say.people.newName} value={name} maxLength={64} onChange={setName} />
          <Choice
            label={say.people.role}
            value={role}
            options={ROLES.map((each) => ({ value: each, label: say.roles[each] }))}
            onChange={setRole}
          />
          <button type="submit" disabled={busy}>
            {say.people.invite}
          </button>
        </form>
      )}
    </section>
  );
};
