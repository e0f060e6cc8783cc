import { useMay } from '../api/me.js';
import { Icon } from '../parts/icon.js';
import { hrefTo } from '../route.js';
import { useSpeech } from '../words/words.js';

/** Where cameras would be, and there are none: how the first one comes, for whoever may add it. */
export const NoCameras = () => {
  const { say } = useSpeech();
  const may = useMay('configure');
  return (
    <section className="card no-cameras" aria-labelledby="no-cameras">
      <h2 id="no-cameras">{say.wall.empty}</h2>
      <p>{may ? say.wall.emptyHow : say.wall.emptyWait}</p>
      {may && (
        <a className="button" href={hrefTo('add-camera')}>
          <Icon name="plus" size={17} /> {say.pages['add-camera']}
        </a>
      )}
    </section>
  );
};
