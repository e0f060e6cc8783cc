import { type FormEvent, useState } from 'react';
import { askJson } from './api/ask.js';
import { forgetToken, keepToken, type Me } from './api/session.js';
import { Door } from './parts/door.js';
import { explainError } from './words/explain.js';
import { useSpeech } from './words/words.js';

/** The door: nothing of the site is asked for before it opens. With an account, or with the admin token. */
export const SignIn = ({ onEnter }: { readonly onEnter: (me: Me) => void }) => {
  const { say } = useSpeech();
  const [byToken, setByToken] = useState(false);
  const [name, setName] = useState('');
  const [secret, setSecret] = useState('');
  const [complaint, setComplaint] = useState('');
  const [busy, setBusy] = useState(false);

  const enter = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (byToken && !keepToken(secret)) return setComplaint(say.door.shape);
    setBusy(true);
    try {
      const body = { name: name.trim(), password: secret };
      onEnter(await (byToken ? askJson<Me>('/api/v1/me') : askJson<Me>('/api/v1/login', { method: 'POST', body })));
    } catch (error) {
      forgetToken();
      setComplaint(explainError(error, say));
      setSecret('');
      setBusy(false);
      document.getElementById(byToken ? 'token' : 'password')?.focus();
    }
  };
  const turn = (): void => {
    setByToken(!byToken);
    setSecret('');
    setComplaint('');
  };

  return (
    <Door title={say.door.title}>
      <form onSubmit={enter} key={String(byToken)}>
        {byToken ? (
          <>
            <label htmlFor="token">{say.door.token}</label>
            <input
              id="token"
              type="password"
              value={secret}
              onChange={({ target }) => setSecret(target.value)}
              required
              autoComplete="off"
              spellCheck={false}
              autoCapitalize="off"
              // biome-ignore lint/a11y/noAutofocus: it is the one thing to do here
              autoFocus
              aria-describedby="token-hint"
            />
            <p id="token-hint" className="hint">
              {say.door.hint}
            </p>
          </>
        ) : (
          <>
            <label htmlFor="name">{say.door.user}</label>
            <input
              id="name"
              value={name}
              onChange={({ target }) => setName(target.value)}
              required
              maxLength={64}
              autoComplete="username"
              spellCheck={false}
              autoCapitalize="off"
              // biome-ignore lint/a11y/noAutofocus: it is the first thing to do here
              autoFocus
            />
            <label htmlFor="password">{say.door.password}</label>
            <input
              id="password"
              type="password"
              value={secret}
              onChange={({ target }) => setSecret(target.value)}
              required
              autoComplete="current-password"
            />
          </>
        )}
        <p role="alert" className="complaint">
          {complaint}
        </p>
        <button type="submit" disabled={busy}>
          {say.door.enter}
        </button>
        <button type="button" className="quiet" onClick={turn}>
          {byToken ? say.door.byAccount : say.door.byToken}
        </button>
      </form>
    </Door>
  );
};
