import { type FormEvent, useState } from 'react';
import { askJson } from './api/ask.js';
import { forgetToken, keepToken } from './api/session.js';
import { Icon } from './parts/icon.js';
import { Preferences } from './parts/preferences.js';
import { explainError } from './words/explain.js';
import { useSpeech } from './words/words.js';

/** The door: nothing of the site is asked for before it opens. */
export const SignIn = ({ onEnter }: { readonly onEnter: () => void }) => {
  const { say } = useSpeech();
  const [token, setToken] = useState('');
  const [complaint, setComplaint] = useState('');
  const [busy, setBusy] = useState(false);

  const enter = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!keepToken(token)) return setComplaint(say.door.shape);
    setBusy(true);
    try {
      await askJson('/api/v1/cameras');
      onEnter();
    } catch (error) {
      forgetToken();
      setComplaint(explainError(error, say));
      setToken('');
      document.getElementById('token')?.focus();
    } finally {
      setBusy(false);
    }
  };

  return (
    <div className="door-page">
      <header className="door-bar">
        <Preferences />
      </header>
      <main className="door">
        <div className="door-mark">
          <Icon name="shield" size={34} />
          <span>{say.name}</span>
        </div>
        <h1>{say.door.title}</h1>
        <form onSubmit={enter}>
          <label htmlFor="token">{say.door.token}</label>
          <input
            id="token"
            type="password"
            value={token}
            onChange={(event) => setToken(event.target.value)}
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
          <p role="alert" className="complaint">
            {complaint}
          </p>
          <button type="submit" disabled={busy}>
            {say.door.enter}
          </button>
        </form>
      </main>
    </div>
  );
};
