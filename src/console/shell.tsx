import type { ReactNode } from 'react';
import { useCameras } from './api/cameras.js';
import { useMe } from './api/me.js';
import { Icon } from './parts/icon.js';
import { Notice } from './parts/notice.js';
import { Preferences } from './parts/preferences.js';
import { hrefTo, PAGES, useRoute } from './route.js';
import { explainError } from './words/explain.js';
import { useSpeech } from './words/words.js';

interface ShellProps {
  readonly onLeave: () => void;
  readonly children: ReactNode;
}

/** What is around every page: menu, preferences, and word of a gateway that is gone. */
export const Shell = ({ onLeave, children }: ShellProps) => {
  const { say } = useSpeech();
  const { page } = useRoute();
  const me = useMe();
  const { error } = useCameras();
  const here = page === 'camera' || page === 'add-camera' ? 'wall' : page;
  return (
    <div className="shell">
      <button type="button" className="skip" onClick={() => document.getElementById('content')?.focus()}>
        {say.skipToContent}
      </button>
      <header className="rail">
        <a className="mark" href={hrefTo('wall')}>
          <Icon name="shield" size={26} />
          <span>{say.name}</span>
        </a>
        <nav aria-label={say.menu}>
          <ul>
            {PAGES.map((name) => (
              <li key={name}>
                <a href={hrefTo(name)} aria-current={name === here ? 'page' : undefined}>
                  <Icon name={name} />
                  <span>{say.pages[name]}</span>
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <div className="rail-foot">
          <Preferences />
          <p className="who">
            <Icon name="user" size={16} /> {me.kind === 'admin-token' ? say.door.token : me.name}
            {say.listGap}
            {say.roles[me.role]}
          </p>
          <button type="button" className="quiet" onClick={onLeave}>
            {say.door.leave}
          </button>
        </div>
      </header>
      <main id="content" tabIndex={-1}>
        {error && (
          <Notice tone="bad" role="alert">
            {say.lost(explainError(error, say))}
          </Notice>
        )}
        {children}
      </main>
    </div>
  );
};
