import { useState } from 'react';
import { isProhibitedKind } from '../../zones/zone.js';
import { useCameras } from '../api/cameras.js';
import { Choice } from '../parts/choice.js';
import { CopyButton } from '../parts/copy-button.js';
import { Icon } from '../parts/icon.js';
import { Notice } from '../parts/notice.js';
import { StateBadge } from '../parts/state-badge.js';
import { hrefTo } from '../route.js';
import { useSpeech } from '../words/words.js';

/** A password in front of the host that is no variable. */
const PASSWORD = /^\w+:\/\/[^/@]*:(?!\$\{)[^/@]*@/;

/** The site file is the truth about cameras: this page writes the entry, waits for it, and leads on to the zones. */
export const AddCameraPage = () => {
  const { say } = useSpeech();
  const { value: cameras } = useCameras();
  const [id, setId] = useState('');
  const [source, setSource] = useState('');
  const [place, setPlace] = useState('lobby');
  const camera = cameras?.find((other) => other.id === id);
  const entry = [
    `  - id: ${id || 'camera-1'}`,
    `    source: ${JSON.stringify(source || 'rtsp://...')}`,
    `    place: ${place}`,
    '    zones:',
    '      - { id: everything, kind: private, polygon: [[0, 0], [1, 0], [1, 1], [0, 1]] }',
  ].join('\n');
  return (
    <>
      <div className="page-head">
        <a className="back" href={hrefTo('wall')}>
          <Icon name="back" size={18} /> {say.camera.back}
        </a>
        <h1>{say.addCamera.title}</h1>
      </div>
      <div className="card add-camera">
        <p>{say.addCamera.intro}</p>
        <div className="stacked">
          <label htmlFor="camera-id">{say.addCamera.id}</label>
          <input
            id="camera-id"
            value={id}
            maxLength={64}
            spellCheck={false}
            onChange={({ target }) => setId(target.value.toLowerCase().replace(/[^a-z0-9-]/g, '-'))}
          />
          <label htmlFor="camera-url">{say.addCamera.url}</label>
          <input
            id="camera-url"
            value={source}
            spellCheck={false}
            aria-describedby="camera-url-hint"
            onChange={({ target }) => setSource(target.value)}
          />
          <p id="camera-url-hint" className="hint">
            {say.addCamera.urlHint}
          </p>
          <Choice
            label={say.addCamera.place}
            value={place}
            options={Object.entries(say.places).map(([value, label]) => ({ value, label }))}
            onChange={setPlace}
          />
        </div>
        {PASSWORD.test(source) && <Notice tone="warn">{say.addCamera.passwordInUrl}</Notice>}
        {isProhibitedKind(place) && <Notice tone="bad">{say.addCamera.prohibited}</Notice>}
        <h2>{say.addCamera.entry}</h2>
        <pre>
          <code>{entry}</code>
        </pre>
        <p className="hint">{say.addCamera.zone}</p>
        <CopyButton text={entry} what={say.addCamera.entry} />
        <p role="status">
          {id !== '' &&
            (camera ? (
              <>
                <StateBadge state={camera.state} /> {say.addCamera.found}{' '}
                <a className="button" href={hrefTo('zones', id)}>
                  {say.addCamera.draw}
                </a>
              </>
            ) : (
              say.addCamera.waiting
            ))}
        </p>
      </div>
    </>
  );
};
