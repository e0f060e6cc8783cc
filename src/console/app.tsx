import { useCallback, useEffect, useState } from 'react';
import { AlertsPage } from './alerts/alerts-page.js';
import { ApiError, ask, askJson, whenSignedOut } from './api/ask.js';
import { CamerasProvider } from './api/cameras.js';
import { EventsProvider } from './api/events.js';
import { MeContext } from './api/me.js';
import { forgetToken, keepCsrfToken, type Me } from './api/session.js';
import { CompliancePage } from './compliance/compliance-page.js';
import { Notice } from './parts/notice.js';
import { ApprovalsPage } from './people/approvals-page.js';
import { PeoplePage } from './people/people-page.js';
import { SecondPersonDesk } from './people/second-person.js';
import { SetUp } from './people/set-up.js';
import { RecordsPage } from './records/records-page.js';
import { goTo, useRoute } from './route.js';
import { Shell } from './shell.js';
import { SignIn } from './sign-in.js';
import { SystemPage } from './system/system-page.js';
import { AddCameraPage } from './wall/add-camera-page.js';
import { CameraPage } from './wall/camera-page.js';
import { Wall } from './wall/wall.js';
import { SpeechProvider, useSpeech } from './words/words.js';
import { ZonesPage } from './zones/zones-page.js';

export const App = () => (
  <SpeechProvider>
    <Gate />
  </SpeechProvider>
);

/** What is behind the door is built when it is opened, and gone when it is closed. */
const Gate = () => {
  /** null: nobody; undefined: not known yet. */
  const [me, setMe] = useState<Me | null | undefined>(undefined);
  const [away, setAway] = useState(false);
  const { page, subject } = useRoute();
  const { say } = useSpeech();
  const enter = useCallback((person: Me): void => {
    keepCsrfToken(person.csrfToken);
    setMe(person);
  }, []);
  const forget = useCallback((): void => {
    forgetToken();
    keepCsrfToken(null);
    setMe(null);
  }, []);
  useEffect(() => whenSignedOut(forget), [forget]);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    // The cookie of a session is out of reach of scripts: whether there is one, the gateway tells.
    const look = (): void => {
      askJson<Me>('/api/v1/me').then(enter, (error: unknown) => {
        if (error instanceof ApiError && error.status === 401) return setAway(false);
        setAway(true);
        timer = setTimeout(look, RETRY_MS);
      });
    };
    look();
    return () => clearTimeout(timer);
  }, [enter]);
  const leave = async (): Promise<void> => {
    if (me?.kind === 'account') await ask('/api/v1/logout', { method: 'POST' }).catch(() => undefined);
    forget();
  };
  if (subject !== null && (page === 'setup' || page === 'invitation')) {
    const begin = (person: Me): void => {
      forgetToken();
      enter(person);
      goTo('wall');
    };
    return <SetUp key={subject} secret={subject} isFirst={page === 'setup'} onEnter={begin} />;
  }
  if (me === undefined) return away ? <Notice tone="bad">{say.errors['no-answer']}</Notice> : null;
  if (me === null) return <SignIn onEnter={enter} />;
  return (
    <MeContext value={me}>
      <EventsProvider>
        <CamerasProvider>
          <Shell onLeave={leave}>
            <CurrentPage />
          </Shell>
          <SecondPersonDesk />
        </CamerasProvider>
      </EventsProvider>
    </MeContext>
  );
};

/** Until a gateway that did not answer is asked again, ms. */
const RETRY_MS = 2000;

const CurrentPage = () => {
  const { page, subject } = useRoute();
  const { say } = useSpeech();
  useEffect(() => {
    document.title = `${subject ?? say.pages[page === 'setup' || page === 'invitation' ? 'wall' : page]} - ${say.name}`;
  }, [page, subject, say]);
  switch (page) {
    case 'camera':
      return subject === null ? <Wall /> : <CameraPage key={subject} id={subject} />;
    case 'alerts':
      return <AlertsPage />;
    case 'approvals':
      return <ApprovalsPage />;
    case 'compliance':
      return <CompliancePage />;
    case 'records':
      return <RecordsPage />;
    case 'people':
      return <PeoplePage />;
    case 'system':
      return <SystemPage />;
    case 'add-camera':
      return <AddCameraPage />;
    case 'zones':
      return <ZonesPage id={subject} />;
    default:
      return <Wall />;
  }
};
