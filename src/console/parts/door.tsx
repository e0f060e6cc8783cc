import type { ReactNode } from 'react';
import { useSpeech } from '../words/words.js';
import { Icon } from './icon.js';
import { Preferences } from './preferences.js';

/** What is seen before anybody is signed in. */
export const Door = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => {
  const { say } = useSpeech();
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
        <h1>{title}</h1>
        {children}
      </main>
    </div>
  );
};
