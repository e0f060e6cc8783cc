import { useEffect, useState } from 'react';
import { askJson } from '../api/ask.js';
import type { Models } from '../api/types.js';
import { Notice } from '../parts/notice.js';
import { useSpeech } from '../words/words.js';

/** The models that look at the pictures: where they come from, what was measured of them, and what they cannot do. */
export const ModelsCard = () => {
  const { say, format } = useSpeech();
  const [known, setKnown] = useState<Models | null>(null);
  useEffect(() => {
    askJson<Models>('/api/v1/models').then(setKnown, () => undefined);
  }, []);
  return (
    <section className="card wide" aria-labelledby="models-title">
      <h2 id="models-title">{say.system.models}</h2>
      {known?.problems.map((problem) => (
        <Notice key={problem} tone="bad">
          {problem}
        </Notice>
      ))}
      <div className="models">
        {known?.models.map((model) => (
          <details key={model.name}>
            <summary>
              <b>{model.name}</b> <span className="badge">{say.system.tasks[model.task] ?? model.task}</span>
            </summary>
            <p lang="en">{model.description}</p>
            <p className="hint" lang="en">
              {`${model.source.package} ${model.source.version}, ${model.source.licence}. ${model.source.made}`}
            </p>
            <p className="hint">
              {format.bytes(model.bytes)}
              {say.listGap}SHA-256 <code>{model.sha256}</code>
            </p>
            <h3>{say.system.measured}</h3>
            <ul lang="en">
              {model.accuracy.length === 0 && <li lang="">{say.none}</li>}
              {model.accuracy.map(({ measure, value, interval, dataset, date }) => (
                <li key={measure + dataset}>
                  {measure}: <b>{format.number(value)}</b>
                  {interval && ` (${interval.map((bound) => format.number(bound)).join('-')})`}, {dataset}, {date}
                </li>
              ))}
            </ul>
            <h3>{say.system.limits}</h3>
            <ul lang="en">
              {model.limits.map((limit) => (
                <li key={limit}>{limit}</li>
              ))}
            </ul>
          </details>
        ))}
      </div>
    </section>
  );
};
