import { useEffect, useState } from 'react';
import { askJson } from '../api/ask.js';
import { useCameras } from '../api/cameras.js';
import { useMay } from '../api/me.js';
import { KeptPicture } from '../parts/kept-picture.js';
import { useNow } from '../parts/use-now.js';
import { hrefTo } from '../route.js';
import { Picture } from '../wall/picture.js';
import { useSpeech } from '../words/words.js';
import { type Alert, type AlertDetail, type AlertState, NEXT_STEPS, type Patience } from './alert.js';
import { Deadline } from './deadline.js';

interface AlertPanelProps {
  readonly alert: Alert;
  readonly patience: Patience | null;
  readonly related: readonly Alert[];
  readonly onStep: (to: Exclude<AlertState, 'new'>) => void;
  readonly onPick: (id: string) => void;
}

/** One alert: what was found beside what is seen now, the law, what was done, and what can be done next. */
export const AlertPanel = ({ alert, patience, related, onStep, onPick }: AlertPanelProps) => {
  const { say, format } = useSpeech();
  const { value: cameras } = useCameras();
  const mayOperate = useMay('operate');
  const now = useNow();
  const camera = cameras?.find(({ id }) => id === alert.camera);
  const [detail, setDetail] = useState<AlertDetail | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a step taken is an entry more of its history
  useEffect(() => {
    const stop = new AbortController();
    askJson<AlertDetail>(`/api/v1/alerts/${alert.id}`, { signal: stop.signal }).then(setDetail, () => undefined);
    return () => stop.abort();
  }, [alert.id, alert.state, alert.escalatedAt, alert.overdueAt]);
  const penalty = detail?.penalty;
  return (
    <>
      <h2>{say.alerts.kinds[alert.kind] ?? alert.kind}</h2>
      <p className="alert-detail" lang="en">
        {alert.detail}
      </p>
      <div className="actions">
        {(mayOperate ? NEXT_STEPS[alert.state] : []).map((to) => (
          <button
            key={to}
            type="button"
            className={to === 'dismissed' ? 'quiet' : undefined}
            onClick={() => onStep(to)}
          >
            {say.alerts.steps[to]}
          </button>
        ))}
      </div>
      <div className="evidence">
        <figure>
          {alert.evidence === null ? (
            <p className="hint">{say.alerts.noEvidence}</p>
          ) : (
            <KeptPicture
              path={`/api/v1/alerts/${alert.id}/evidence.jpg`}
              alt={say.alerts.evidenceOf(alert.camera)}
              missing={say.alerts.noEvidence}
            />
          )}
          <figcaption>
            {say.alerts.evidence}
            {say.clauseGap}
            {format.dateTime(alert.openedAt)}
          </figcaption>
        </figure>
        {camera && (
          <figure>
            <KeptPicture
              path={`/api/v1/cameras/${encodeURIComponent(camera.id)}/view.jpg`}
              alt={say.alerts.usualOf(camera.id)}
              missing={say.alerts.noUsual}
            />
            <figcaption>
              {say.alerts.usual}
              {camera.view.acceptedAt !== null && (
                <>
                  {say.clauseGap}
                  {format.dateTime(camera.view.acceptedAt)}
                </>
              )}
            </figcaption>
          </figure>
        )}
        {camera && (
          <figure>
            <Picture camera={camera} />
            <figcaption>
              {say.alerts.now}
              {say.clauseGap}
              <a href={hrefTo('camera', camera.id)}>{camera.id}</a>
            </figcaption>
          </figure>
        )}
      </div>
      <dl className="facts">
        <div>
          <dt>{say.alerts.state}</dt>
          <dd>
            {say.alerts.states[alert.state]} ({say.alerts.actions[alert.action]})
          </dd>
        </div>
        <div>
          <dt>{say.alerts.waiting}</dt>
          <dd>
            {format.since(alert.since, now)}
            <Deadline alert={alert} patience={patience} now={now} before={say.listGap} />
          </dd>
        </div>
        <div>
          <dt>{say.compliance.what}</dt>
          <dd>{say.alerts.article(alert.law, alert.article)}</dd>
        </div>
        <div>
          <dt>{say.alerts.penalty}</dt>
          <dd>
            {alert.penalty === null ? say.alerts.noPenalty : say.alerts.article(alert.law, alert.penalty)}
            {penalty && <span className="hint wording">{penalty.wording}</span>}
            {penalty?.note && (
              <span className="hint wording" lang="en">
                {penalty.note}
              </span>
            )}
          </dd>
        </div>
        {alert.zone !== null && (
          <div>
            <dt>{say.alerts.zone}</dt>
            <dd>{alert.zone}</dd>
          </div>
        )}
        <div>
          <dt>{say.alerts.occurrences}</dt>
          <dd>
            {format.number(alert.occurrences)} ({say.alerts.last} {format.dateTime(alert.lastAt)})
          </dd>
        </div>
      </dl>
      {detail && (
        <>
          <h3>{say.alerts.happened}</h3>
          <ol className="history">
            {detail.history.map((event) => (
              <li key={event.seq}>
                <time dateTime={event.at}>{format.dateTime(event.at)}</time>{' '}
                {event.kind === 'step'
                  ? say.alerts.took(say.alerts.states[event.to], event.actor)
                  : say.alerts.events[event.kind]}
                {event.reason && <q>{event.reason}</q>}
                {event.report && (
                  <q>
                    {event.report.to}
                    {say.listGap}
                    {event.report.reference}
                  </q>
                )}
              </li>
            ))}
          </ol>
        </>
      )}
      {related.length > 0 && (
        <>
          <h3>{say.alerts.related}</h3>
          <ul className="history">
            {related.slice(0, 8).map((other) => (
              <li key={other.id}>
                <button type="button" className="quiet small" onClick={() => onPick(other.id)}>
                  {say.alerts.kinds[other.kind] ?? other.kind}
                </button>{' '}
                {say.alerts.states[other.state]}
                {say.listGap}
                {format.dateTime(other.openedAt)}
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
};
