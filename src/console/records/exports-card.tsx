import { type FormEvent, useState } from 'react';
import { ask, askJson } from '../api/ask.js';
import { useCameras } from '../api/cameras.js';
import { useMay } from '../api/me.js';
import type { Exports } from '../api/types.js';
import { usePoll } from '../api/use-poll.js';
import { Choice } from '../parts/choice.js';
import { Notice } from '../parts/notice.js';
import { TextField } from '../parts/text-field.js';
import { useAttempt } from '../parts/use-attempt.js';
import { useSpeech } from '../words/words.js';

const INTERVAL_MS = 10_000;
/** Pictures of weeks are put together while the page waits, ms. */
const BUILD_MS = 120_000;
const DAY_MS = 24 * 3_600_000;

const fetchExports = async (signal: AbortSignal): Promise<Exports['exports']> =>
  (await askJson<Exports>('/api/v1/exports', { signal })).exports;

/** An instant as an input of local time writes it. */
const local = (at: number): string =>
  new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString().slice(0, 16);

/** What left the gateway, and a new export: for a purpose, with a second person. */
export const ExportsCard = () => {
  const { say, format } = useSpeech();
  const may = useMay('export');
  const { value: cameras } = useCameras();
  const { value, refresh } = usePoll(fetchExports, INTERVAL_MS);
  const { busy, complaint, attempt } = useAttempt();
  const [from, setFrom] = useState(() => local(Date.now() - DAY_MS));
  const [to, setTo] = useState(() => local(Date.now()));
  const [camera, setCamera] = useState('');
  const [purpose, setPurpose] = useState('');
  const build = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    await attempt(async () => {
      const instants = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
      const body = { ...instants, purpose: purpose.trim(), ...(camera && { camera }) };
      const response = await ask('/api/v1/exports', { method: 'POST', body, timeoutMs: BUILD_MS });
      keep(await response.blob(), response.headers.get('content-disposition'));
      setPurpose('');
      refresh();
    });
  };
  return (
    <section className="card people" aria-labelledby="exports-title">
      <h2 id="exports-title">{say.records.exports}</h2>
      <p className="hint">{say.records.exportsHint}</p>
      {complaint && (
        <Notice tone="bad" role="alert">
          {complaint}
        </Notice>
      )}
      {value?.length === 0 && <p className="hint">{say.records.noExports}</p>}
      <ul className="register">
        {value?.map((done) => (
          <li key={done.id} data-export={done.id}>
            <b>{done.purpose}</b>
            <p className="hint">
              {say.records.exported(done.by, done.approvedBy, format.dateTime(done.at), done.items)}
              {done.inspection !== null && `${say.clauseGap}${say.records.inInspection}`}
            </p>
            <p className="hint">
              {say.records.manifest} <code>{done.digest}</code>
            </p>
          </li>
        ))}
      </ul>
      {may && (
        <form className="in-line" onSubmit={build}>
          <TextField label={say.records.from} value={from} type="datetime-local" onChange={setFrom} />
          <TextField label={say.records.to} value={to} type="datetime-local" onChange={setTo} />
          <Choice
            label={say.alerts.camera}
            value={camera}
            options={[
              { value: '', label: say.records.allCameras },
              ...(cameras ?? []).map(({ id }) => ({ value: id, label: id })),
            ]}
            onChange={setCamera}
          />
          <TextField label={say.records.purpose} value={purpose} maxLength={500} onChange={setPurpose} />
          <button type="submit" disabled={busy}>
            {busy ? say.records.building : say.records.build}
          </button>
        </form>
      )}
    </section>
  );
};

const keep = (file: Blob, disposition: string | null): void => {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = /filename="?([^";]+)/.exec(disposition ?? '')?.[1] ?? 'veilgate-export.zip';
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
};
