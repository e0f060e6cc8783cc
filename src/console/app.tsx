import { useEffect, useState } from 'react';
import { AlertsPage } from './alerts/alerts-page.js';
import { whenSignedOut } from './api/ask.js';
import { CamerasProvider } from './api/cameras.js';
import { forgetToken, heldToken } from './api/session.js';
import { CompliancePage } from './compliance/compliance-page.js';
import { useRoute } from './route.js';
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
  const [signedIn, setSignedIn] = useState(heldToken() !== null);
  const leave = (): void => {
    forgetToken();
    setSignedIn(false);
  };
  useEffect(() => whenSignedOut(leave));
  if (!signedIn) return <SignIn onEnter={() => setSignedIn(true)} />;
  return (
    <CamerasProvider>
      <Shell onLeave={leave}>
        <CurrentPage />
      </Shell>
    </CamerasProvider>
  );
};

const CurrentPage = () => {
  const { page, subject } = useRoute();
  const { say } = useSpeech();
  useEffect(() => {
    document.title = `${subject ?? say.pages[page]} - ${say.name}`;
  }, [page, subject, say]);
  switch (page) {
    case 'camera':
      return subject === null ? <Wall /> : <CameraPage key={subject} id={subject} />;
    case 'alerts':
      return <AlertsPage />;
    case 'compliance':
      return <CompliancePage />;
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
