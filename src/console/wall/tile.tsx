import { memo } from 'react';
import type { Camera } from '../api/types.js';
import { Icon } from '../parts/icon.js';
import { StateBadge } from '../parts/state-badge.js';
import { hrefTo } from '../route.js';
import { describeInterruption, explainCamera } from '../words/explain.js';
import { useSpeech } from '../words/words.js';
import { Picture } from './picture.js';

/** One camera on the wall. */
export const Tile = memo(({ camera }: { readonly camera: Camera }) => {
  const { say, format } = useSpeech();
  const { id, state, since, fps, latency, maskedArea, clients, pendingLosses } = camera;
  const asleep = fps === 0 && clients === 0 && state === 'masked';
  return (
    <article className="tile" data-state={state}>
      <a className="tile-picture" href={hrefTo('camera', id)} aria-label={say.wall.open(id)}>
        <Picture camera={camera} />
        {state !== 'masked' && <span className="veil" aria-hidden="true" />}
      </a>
      <div className="tile-head">
        <h2>{id}</h2>
        <span className="place">{say.places[camera.place] ?? camera.place}</span>
        <StateBadge state={state} />
      </div>
      {state === 'masked' ? (
        <dl className="tile-numbers">
          <div>
            <dt>{say.wall.fps}</dt>
            <dd>{asleep ? say.wall.asleep : format.number(fps)}</dd>
          </div>
          <div>
            <dt>{say.wall.latency}</dt>
            <dd>{latency === null ? '-' : format.milliseconds(latency.p50)}</dd>
          </div>
          <div>
            <dt>{say.wall.masked}</dt>
            <dd>{format.percent(maskedArea)}</dd>
          </div>
        </dl>
      ) : (
        <p className="tile-reason">
          {explainCamera(camera, say)} <span>{format.since(since)}</span>
        </p>
      )}
      {state === 'masked' && <LastInterruption camera={camera} />}
      {pendingLosses !== null && (
        <p className="tile-pending">
          <Icon name="warning" size={16} /> {say.wall.pending}
        </p>
      )}
    </article>
  );
});

/** An interruption is told on the wall for so long after it ended, ms: longer than anybody looks away. */
const TOLD_MS = 15 * 60_000;

/** A camera that is back says that it was away, why and for how long, also where that was too short to be seen. */
const LastInterruption = ({ camera: { interruption } }: { readonly camera: Camera }) => {
  const { say, format } = useSpeech();
  if (!interruption?.until || Date.now() - Date.parse(interruption.until) > TOLD_MS) return null;
  return <p className="tile-interruption">{describeInterruption(interruption, say, format)}</p>;
};
