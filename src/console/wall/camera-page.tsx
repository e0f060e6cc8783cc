import { useState } from 'react';
import { isProhibitedKind } from '../../zones/zone.js';
import { ask } from '../api/ask.js';
import { useCameras } from '../api/cameras.js';
import { useMay } from '../api/me.js';
import type { Camera } from '../api/types.js';
import { CopyButton } from '../parts/copy-button.js';
import { Icon } from '../parts/icon.js';
import { Notice } from '../parts/notice.js';
import { StateBadge } from '../parts/state-badge.js';
import { hrefTo } from '../route.js';
import { describeInterruption, explainCamera, explainError, explainLoss } from '../words/explain.js';
import { useSpeech } from '../words/words.js';
import { Picture } from './picture.js';
import { ReleaseDialog } from './release-dialog.js';

/** One camera, large, with everything that is known of it. */
export const CameraPage = ({ id }: { readonly id: string }) => {
  const { say } = useSpeech();
  const { value: cameras, refresh } = useCameras();
  const [delay, setDelay] = useState<number | null>(null);
  const [complaint, setComplaint] = useState<string | null>(null);
  const [releasing, setReleasing] = useState(false);
  const mayOperate = useMay('operate');
  const mayConfigure = useMay('configure');
  const camera = cameras?.find((other) => other.id === id);

  const change = async (path: string, method: 'PUT' | 'POST', body?: unknown): Promise<void> => {
    try {
      await ask(`/api/v1/cameras/${encodeURIComponent(id)}/${path}`, { method, body });
      setComplaint(null);
      refresh();
    } catch (error) {
      setComplaint(explainError(error, say));
    }
  };

  return (
    <>
      <div className="page-head">
        <a className="back" href={hrefTo('wall')}>
          <Icon name="back" size={18} /> {say.camera.back}
        </a>
        <h1>{id}</h1>
        {camera && <StateBadge state={camera.state} />}
        <span className="summary">{camera && explainCamera(camera, say)}</span>
        <a className="button quiet" href={hrefTo('zones', id)}>
          <Icon name="zones" size={17} /> {say.camera.edit}
        </a>
      </div>
      {complaint && (
        <Notice tone="bad" role="alert">
          {complaint}
        </Notice>
      )}
      {cameras !== null && !camera && <Notice tone="warn">{say.errors['unknown-camera']}</Notice>}
      {camera && (
        <div className="camera-page">
          <section aria-label={say.camera.picture} className="large tile" data-state={camera.state}>
            <Picture camera={camera} onDelay={setDelay} />
            {camera.state !== 'masked' && <span className="veil" aria-hidden="true" />}
          </section>
          <section aria-label={say.camera.facts} className="facts-side">
            {camera.pendingLosses !== null && (
              <Pending camera={camera} accept={mayConfigure ? () => change('zones/accept', 'POST') : null} />
            )}
            <Facts camera={camera} delay={delay} />
            {mayOperate && (
              <div className="withhold">
                {camera.reason === 'prohibited-place' && !isProhibitedKind(camera.place) && (
                  <button type="button" className="quiet" onClick={() => setReleasing(true)}>
                    {say.camera.releasePlace}
                  </button>
                )}
                {camera.reason === 'operator' ? (
                  <button type="button" onClick={() => change('withheld', 'PUT', { withheld: false })}>
                    {say.camera.release}
                  </button>
                ) : (
                  <button
                    type="button"
                    className="danger"
                    onClick={() => change('withheld', 'PUT', { withheld: true })}
                  >
                    <Icon name="hidden" size={17} /> {say.camera.withhold}
                  </button>
                )}
                <p className="hint">{say.camera.withholdHint}</p>
              </div>
            )}
          </section>
        </div>
      )}
      {releasing && (
        <ReleaseDialog
          onClose={() => setReleasing(false)}
          onAsk={(reason) => {
            setReleasing(false);
            void change('release', 'POST', { reason });
          }}
        />
      )}
    </>
  );
};

const Pending = ({ camera, accept }: { readonly camera: Camera; readonly accept: (() => void) | null }) => {
  const { say, format } = useSpeech();
  return (
    <Notice tone="warn">
      <strong>{say.losses.title}</strong>
      <p>{say.losses.intro}</p>
      <ul>
        {camera.pendingLosses?.map((loss) => (
          <li key={loss.zone}>
            <b>{loss.zone}</b>: {explainLoss(loss, say, format)}
          </li>
        ))}
      </ul>
      {accept && (
        <button type="button" className="danger" onClick={accept}>
          {say.losses.accept}
        </button>
      )}
    </Notice>
  );
};

const Facts = ({ camera, delay }: { readonly camera: Camera; readonly delay: number | null }) => {
  const { say, format } = useSpeech();
  const { source, latency, state } = camera;
  const measured = camera.maskedArea > 0 || latency !== null;
  const asleep = camera.fps === 0 && camera.clients === 0 && state === 'masked';
  const rows: readonly (readonly [string, React.ReactNode])[] = [
    [
      say.camera.since,
      <time key="t" dateTime={camera.since} title={format.dateTime(camera.since)}>
        {format.since(camera.since)}
      </time>,
    ],
    [
      say.camera.lastInterruption,
      camera.interruption === null ? say.none : describeInterruption(camera.interruption, say, format),
    ],
    ...(camera.detail === null ? [] : [[say.camera.detail, camera.detail] as const]),
    [say.camera.place, say.places[camera.place] ?? camera.place],
    [say.camera.rate, asleep ? say.camera.asleep : format.number(camera.fps)],
    [
      say.camera.latency,
      latency === null
        ? say.none
        : `${[latency.p50, latency.p95, latency.p99].map((ms) => format.number(ms, 1)).join(' / ')} ms (${say.camera.percentiles})`,
    ],
    [say.camera.player, delay === null ? say.none : format.milliseconds(delay)],
    [
      say.camera.maskedArea,
      state !== 'masked' ? say.camera.slateOnly : measured ? format.percent(camera.maskedArea) : say.camera.notMeasured,
    ],
    [say.camera.clients, format.number(camera.clients)],
    [say.camera.revision, camera.zoneRevision === 0 ? say.camera.noRevision : format.number(camera.zoneRevision)],
    [say.camera.source, <code key="s">{camera.sourceUrl}</code>],
    [
      say.camera.format,
      source === null
        ? say.unknown
        : `${source.codec}, ${source.width} × ${source.height}${source.fps === null ? '' : `, ${format.number(source.fps)} ${say.wall.fps}`}`,
    ],
    [
      say.camera.sound,
      source === null ? say.unknown : source.offersAudio ? say.camera.offersSound : say.camera.noSound,
    ],
    [say.camera.worker, camera.workerPid === null ? say.none : String(camera.workerPid)],
    [
      say.camera.stream,
      <span key="a" className="with-button">
        <code>{camera.stream}</code> <CopyButton text={camera.stream} what={say.camera.stream} />
      </span>,
    ],
  ];
  return (
    <dl className="facts">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
};
