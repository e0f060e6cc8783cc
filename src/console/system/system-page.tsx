import { useEffect, useState } from 'react';
import { askJson } from '../api/ask.js';
import { useCameras } from '../api/cameras.js';
import { Choice } from '../parts/choice.js';
import { StateBadge } from '../parts/state-badge.js';
import { WideTable } from '../parts/wide-table.js';
import { hrefTo } from '../route.js';
import { explainCamera } from '../words/explain.js';
import { useSpeech } from '../words/words.js';
import { LatencyPlot } from './latency-plot.js';
import { LogCard } from './log-card.js';
import { ModelsCard } from './models-card.js';
import { SettingsCard } from './settings-card.js';

/** How far plots go back, ms. */
const SPANS = { hour: 3_600_000, day: 24 * 3_600_000 } as const;

/** How everything is. */
export const SystemPage = () => {
  const { say, format } = useSpeech();
  const { value: cameras } = useCameras();
  const [span, setSpan] = useState<keyof typeof SPANS>('hour');
  const version = useVersion();
  return (
    <>
      <div className="page-head">
        <h1>{say.pages.system}</h1>
        <p className="summary">{say.system.summary}</p>
        {version && (
          <span className="hint">
            {say.system.version} {version}
          </span>
        )}
      </div>
      <div className="system">
        <section className="card wide" aria-labelledby="health-title">
          <h2 id="health-title">{say.system.health}</h2>
          {cameras?.length === 0 ? (
            <p className="hint">{say.wall.empty}</p>
          ) : (
            <WideTable
              label={say.system.health}
              columns={[
                say.alerts.camera,
                say.camera.state,
                say.camera.since,
                say.wall.fps,
                'p50 / p95 / p99',
                say.camera.clients,
                say.camera.format,
                say.camera.worker,
              ]}
            >
              {cameras?.map((camera) => (
                <tr key={camera.id}>
                  <th scope="row">
                    <a href={hrefTo('camera', camera.id)}>{camera.id}</a>
                  </th>
                  <td>
                    <StateBadge state={camera.state} /> <span className="hint">{explainCamera(camera, say)}</span>
                  </td>
                  <td className="brief">{format.since(camera.since)}</td>
                  <td>{format.number(camera.fps)}</td>
                  <td className="brief">
                    {camera.latency === null
                      ? '-'
                      : `${[camera.latency.p50, camera.latency.p95, camera.latency.p99].map((ms) => format.number(ms, 1)).join(' / ')} ms`}
                  </td>
                  <td>{format.number(camera.clients)}</td>
                  <td>
                    {camera.source === null
                      ? '-'
                      : `${camera.source.codec} ${camera.source.width} × ${camera.source.height}, ${camera.source.decoder} → ${camera.source.encoder}`}
                  </td>
                  <td>{camera.workerPid ?? '-'}</td>
                </tr>
              ))}
            </WideTable>
          )}
        </section>
        {cameras?.length !== 0 && (
          <section className="card" aria-labelledby="latency-title">
            <h2 id="latency-title">{say.system.latency}</h2>
            <p className="hint">{say.system.latencyNote}</p>
            <Choice
              label={say.system.span}
              value={span}
              options={(['hour', 'day'] as const).map((value) => ({ value, label: say.system.spans[value] }))}
              onChange={setSpan}
            />
            {cameras?.map(({ id }) => (
              <LatencyPlot key={id} camera={id} span={SPANS[span]} />
            ))}
          </section>
        )}
        <LogCard />
        <ModelsCard />
        <SettingsCard />
      </div>
    </>
  );
};

/** Of the gateway, as its API document tells it. */
const useVersion = (): string | null => {
  const [version, setVersion] = useState<string | null>(null);
  useEffect(() => {
    askJson<{ info: { version: string } }>('/openapi.json').then(
      ({ info }) => setVersion(info.version),
      () => undefined,
    );
  }, []);
  return version;
};
