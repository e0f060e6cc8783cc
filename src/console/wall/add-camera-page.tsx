import { type FormEvent, useState } from 'react';
import { isProhibitedKind } from '../../zones/zone.js';
import { ApiError, askJson } from '../api/ask.js';
import { useCameras } from '../api/cameras.js';
import { useMay } from '../api/me.js';
import type { AddedCamera } from '../api/types.js';
import { Choice } from '../parts/choice.js';
import { Icon } from '../parts/icon.js';
import { Notice } from '../parts/notice.js';
import { StateBadge } from '../parts/state-badge.js';
import { hrefTo } from '../route.js';
import { explainCamera, explainError } from '../words/explain.js';
import { useSpeech } from '../words/words.js';
import { DiscoveryCard } from './discovery-card.js';
import { Picture } from './picture.js';
import { holdsPassword } from './source-address.js';

/** From a camera in the network, or an address, to an entry of the site file, a masked picture, and its zones. */
export const AddCameraPage = () => {
  const { say } = useSpeech();
  const may = useMay('configure');
  const [id, setId] = useState('');
  const [source, setSource] = useState('');
  const [added, setAdded] = useState<AddedCamera | null>(null);
  return (
    <>
      <div className="page-head">
        <a className="back" href={hrefTo('wall')}>
          <Icon name="back" size={18} /> {say.camera.back}
        </a>
        <h1>{say.addCamera.title}</h1>
      </div>
      {!may && <Notice tone="warn">{say.errors.forbidden}</Notice>}
      {may && added === null && (
        <div className="system">
          <DiscoveryCard
            onPick={(picked) => {
              setSource(picked.source);
              if (id === '') setId(picked.id);
            }}
          />
          <CameraForm id={id} source={source} onId={setId} onSource={setSource} onAdded={setAdded} />
        </div>
      )}
      {added && <AddedCard added={added} onAnother={() => setAdded(null)} />}
    </>
  );
};

interface CameraFormProps {
  readonly id: string;
  readonly source: string;
  readonly onId: (id: string) => void;
  readonly onSource: (source: string) => void;
  readonly onAdded: (added: AddedCamera) => void;
}

const CameraForm = ({ id, source, onId, onSource, onAdded }: CameraFormProps) => {
  const { say } = useSpeech();
  const [place, setPlace] = useState('lobby');
  const [failure, setFailure] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const add = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    try {
      const body = { id, source: source.trim(), place };
      onAdded(await askJson<AddedCamera>('/api/v1/cameras', { method: 'POST', body }));
      onId('');
      onSource('');
    } catch (error) {
      setFailure(error);
      setBusy(false);
    }
  };
  return (
    <form className="card add-camera" onSubmit={add}>
      <h2>{say.addCamera.entry}</h2>
      <div className="stacked">
        <label htmlFor="camera-id">{say.addCamera.id}</label>
        <input
          id="camera-id"
          value={id}
          required
          maxLength={64}
          spellCheck={false}
          onChange={({ target }) => onId(target.value.toLowerCase().replace(/[^a-z0-9-]/g, '-'))}
        />
        <label htmlFor="camera-url">{say.addCamera.url}</label>
        <input
          id="camera-url"
          value={source}
          required
          maxLength={1000}
          spellCheck={false}
          autoComplete="off"
          aria-describedby="camera-url-hint"
          onChange={({ target }) => onSource(target.value)}
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
      {holdsPassword(source) && <Notice tone="warn">{say.addCamera.passwordInUrl}</Notice>}
      {isProhibitedKind(place) && <Notice tone="bad">{say.addCamera.prohibited}</Notice>}
      {failure !== null && <Failure failure={failure} />}
      <p className="hint">{say.addCamera.zone}</p>
      <button type="submit" disabled={busy}>
        <Icon name="plus" size={17} /> {say.addCamera.add}
      </button>
    </form>
  );
};

/** What the gateway refused, with each problem and its cure; what must be added by hand is shown as it stands. */
const Failure = ({ failure }: { readonly failure: unknown }) => {
  const { say } = useSpeech();
  const problems = failure instanceof ApiError ? failure.problems : [];
  const [first, ...entry] = explainError(failure, say).split('\n');
  return (
    <Notice tone="bad" role="alert">
      <p>{problems.length > 0 ? say.addCamera.refused : first}</p>
      {problems.length > 0 && (
        <ul>
          {problems.map(({ path, message, cure }) => (
            <li key={path + message}>
              <code>{path}</code> {message} {cure}
            </li>
          ))}
        </ul>
      )}
      {entry.length > 0 && (
        <pre>
          <code>{entry.join('\n')}</code>
        </pre>
      )}
    </Notice>
  );
};

const AddedCard = ({ added, onAnother }: { readonly added: AddedCamera; readonly onAnother: () => void }) => {
  const { say } = useSpeech();
  const { value: cameras } = useCameras();
  const { id, file, line } = added;
  const camera = cameras?.find((other) => other.id === id);
  return (
    <section className="card add-camera" aria-labelledby="added-title">
      <h2 id="added-title">{id}</h2>
      <p className="hint">
        {say.addCamera.written} <code>{`${file}:${line}`}</code>
      </p>
      <p role="status">
        {camera ? (
          <>
            <StateBadge state={camera.state} /> {explainCamera(camera, say) || say.addCamera.found}
          </>
        ) : (
          say.addCamera.waiting
        )}
      </p>
      {camera && (
        <div className="large tile" data-state={camera.state}>
          <Picture camera={camera} />
        </div>
      )}
      <div className="actions">
        {camera && (
          <a className="button" href={hrefTo('zones', id)}>
            {say.addCamera.draw}
          </a>
        )}
        <button type="button" className="quiet" onClick={onAnother}>
          {say.addCamera.another}
        </button>
      </div>
    </section>
  );
};
