import { useEffect, useState } from 'react';
import { ask, askJson } from '../api/ask.js';
import { useCameras } from '../api/cameras.js';
import { useMay } from '../api/me.js';
import { hrefTo } from '../route.js';
import { Picture } from '../wall/picture.js';
import { useSpeech } from '../words/words.js';
import { type Alert, type AlertDetail, type AlertState, isLate, NEXT_STEPS } from './alert.js';

interface AlertPanelProps {
  readonly alert: Alert;
  readonly related: readonly Alert[];
  readonly onStep: (to: Exclude<AlertState, 'new'>) => void;
  readonly onPick: (id: string) => void;
}

/** One alert: what was found beside what is seen now, the law, what was done, and what can be done next. */
export const AlertPanel = ({ alert, related, onStep, onPick }: AlertPanelProps) => {
  const { say, format } = useSpeech();
  const { value: cameras } = useCameras();
  const mayOperate = useMay('operate');
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
          {alert.evidence === null ? <p className="hint">{say.alerts.noEvidence}</p> : <Evidence alert={alert} />}
          <figcaption>
            {say.alerts.evidence}
            {say.clauseGap}
            {format.dateTime(alert.openedAt)}
          </figcaption>
        </figure>
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
            {format.since(alert.since)}
            {isLate(alert) && (
              <b className="late">
                {say.listGap}
                {alert.overdueAt ? say.alerts.overdue : say.alerts.escalated}
              </b>
            )}
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

/** The picture that was taken, fetched with the token: no address of it could be opened elsewhere. */
const Evidence = ({ alert }: { readonly alert: Alert }) => {
  const { say } = useSpeech();
  const [address, setAddress] = useState<string | null>(null);
  useEffect(() => {
    const stop = new AbortController();
    let made: string | null = null;
    ask(`/api/v1/alerts/${alert.id}/evidence.jpg`, { signal: stop.signal })
      .then((response) => response.blob())
      .then(
        (blob) => {
          made = URL.createObjectURL(blob);
          setAddress(made);
        },
        () => undefined,
      );
    return () => {
      stop.abort();
      if (made) URL.revokeObjectURL(made);
    };
  }, [alert.id]);
  return <div className="picture">{address && <img src={address} alt={say.alerts.evidenceOf(alert.camera)} />}</div>;
};
