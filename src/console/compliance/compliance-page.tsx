import { useEffect, useMemo, useState } from 'react';
import type { Alert } from '../alerts/alert.js';
import { askJson } from '../api/ask.js';
import { useCameras } from '../api/cameras.js';
import type { ZoneRevision } from '../api/types.js';
import { Icon } from '../parts/icon.js';
import { useSpeech } from '../words/words.js';
import { type Known, standingsOf, type Verdict } from './compliance.js';

const TONES: Readonly<Record<Verdict, 'good' | 'bad' | undefined>> = { holds: 'good', fails: 'bad', unsure: undefined };

/** What holds and what does not, article by article, with what shows it. */
export const CompliancePage = () => {
  const { say, format } = useSpeech();
  const { value: cameras } = useCameras();
  const records = useRecords(cameras?.map(({ id }) => id).join() ?? null);
  const standings = useMemo(
    () => (cameras && records ? standingsOf({ cameras, ...records }, say, format) : null),
    [cameras, records, say, format],
  );
  return (
    <>
      <div className="page-head">
        <h1>{say.pages.compliance}</h1>
        <p className="summary">
          {say.compliance.summary} {say.compliance.printed(format.dateTime(new Date()))}
        </p>
        <button type="button" className="quiet" onClick={() => print()}>
          <Icon name="print" size={17} /> {say.compliance.print}
        </button>
      </div>
      {standings === null && <p className="loading">{say.loading}</p>}
      <div className="standings">
        {standings?.map(({ article, verdict, since, evidence }) => (
          <article key={article} className="card standing" data-verdict={verdict}>
            <header>
              <h2>{say.compliance.titles[article] ?? say.compliance.title(article)}</h2>
              <span className="badge" data-tone={TONES[verdict]}>
                {say.compliance[verdict]}
              </span>
              {since && <span className="hint">{say.compliance.since(format.dateTime(since))}</span>}
            </header>
            <p>{say.compliance.articles[article]}</p>
            <h3>{say.compliance.evidence}</h3>
            <ul>
              {evidence.map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          </article>
        ))}
      </div>
      {cameras && cameras.length > 0 && (
        <section className="card" aria-labelledby="compliance-cameras">
          <h2 id="compliance-cameras">{say.compliance.cameras}</h2>
          <table>
            <thead>
              <tr>
                <th scope="col">{say.alerts.camera}</th>
                <th scope="col">{say.compliance.place}</th>
                <th scope="col">{say.camera.state}</th>
                <th scope="col">{say.camera.maskedArea}</th>
                <th scope="col">{say.camera.revision}</th>
              </tr>
            </thead>
            <tbody>
              {cameras.map((camera) => (
                <tr key={camera.id}>
                  <th scope="row">{camera.id}</th>
                  <td>{say.places[camera.place] ?? camera.place}</td>
                  <td>{say.states[camera.state]}</td>
                  <td>{camera.state === 'masked' ? format.percent(camera.maskedArea) : say.camera.slateOnly}</td>
                  <td>{camera.zoneRevision === 0 ? say.camera.noRevision : format.number(camera.zoneRevision)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </>
  );
};

/** What is asked for once: records do not change by the second. What the gateway does not tell of is null. */
const useRecords = (ids: string | null): Omit<Known, 'cameras'> | null => {
  const [records, setRecords] = useState<Omit<Known, 'cameras'> | null>(null);
  useEffect(() => {
    if (ids === null) return;
    let stopped = false;
    const orNull = <T,>(asked: Promise<T>): Promise<T | null> => asked.catch(() => null);
    const histories = (ids === '' ? [] : ids.split(',')).map((id) =>
      orNull(askJson<{ revisions: ZoneRevision[] }>(`/api/v1/cameras/${encodeURIComponent(id)}/zones/history`)),
    );
    void Promise.all([
      orNull(askJson<{ alerts: Alert[] }>('/api/v1/alerts?open=true&limit=200')),
      orNull(askJson<NonNullable<Known['log']>>('/api/v1/log')),
      Promise.all(histories),
    ]).then(([alerts, log, all]) => {
      if (stopped) return;
      const revisions = all.flatMap((history) => history?.revisions ?? []);
      setRecords({ alerts: alerts?.alerts ?? null, log, revisions });
    });
    return () => {
      stopped = true;
    };
  }, [ids]);
  return records;
};
