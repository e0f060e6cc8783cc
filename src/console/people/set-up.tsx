import { type FormEvent, useState } from 'react';
import { askJson } from '../api/ask.js';
import type { Me } from '../api/session.js';
import { Door } from '../parts/door.js';
import { explainError } from '../words/explain.js';
import { useSpeech } from '../words/words.js';

interface SetUpProps {
  /** What stood behind the # of the link. */
  readonly secret: string;
  /** Makes the first account; else who was invited sets a password. */
  readonly isFirst: boolean;
  readonly onEnter: (me: Me) => void;
}

/** What a one-time link opens. */
export const SetUp = ({ secret, isFirst, onEnter }: SetUpProps) => {
  const { say } = useSpeech();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [complaint, setComplaint] = useState('');
  const [busy, setBusy] = useState(false);
  const create = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    try {
      const body = { secret, password, ...(isFirst && { name: name.trim() }) };
      onEnter(await askJson<Me>('/api/v1/setup', { method: 'POST', body }));
    } catch (error) {
      setComplaint(explainError(error, say));
      setBusy(false);
    }
  };
  return (
    <Door title={isFirst ? say.door.setupTitle : say.door.invitedTitle}>
      <form onSubmit={create}>
        <p className="hint">{isFirst ? say.door.setupHint : say.door.invitedHint}</p>
        {isFirst && (
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
            />
          </>
        )}
        <label htmlFor="password">{say.door.password}</label>
        <input
          id="password"
          type="password"
          value={password}
          onChange={({ target }) => setPassword(target.value)}
          required
          autoComplete="new-password"
          aria-describedby="password-hint"
        />
        <p id="password-hint" className="hint">
          {say.door.passwordHint}
        </p>
        <p role="alert" className="complaint">
          {complaint}
        </p>
        <button type="submit" disabled={busy}>
          {isFirst ? say.door.create : say.door.setPassword}
        </button>
      </form>
    </Door>
  );
};
