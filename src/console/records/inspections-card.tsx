import { type FormEvent, useState } from 'react';
import { ask, askJson } from '../api/ask.js';
import { useMay, useMe } from '../api/me.js';
import type { Inspection, InspectionDetail } from '../api/types.js';
import { usePoll } from '../api/use-poll.js';
import { Notice } from '../parts/notice.js';
import { TextField } from '../parts/text-field.js';
import { useAttempt } from '../parts/use-attempt.js';
import { useSpeech } from '../words/words.js';

const INTERVAL_MS = 5000;

const fetchInspections = async (signal: AbortSignal): Promise<readonly Inspection[]> =>
  (await askJson<{ inspections: Inspection[] }>('/api/v1/inspections', { signal })).inspections;

/** The register of inspections: two officers and their letter first, then everything that they read. */
export const InspectionsCard = () => {
  const { say } = useSpeech();
  const me = useMe();
  const may = useMay('inspect') && me.kind !== 'token';
  const { value, refresh } = usePoll(fetchInspections, INTERVAL_MS);
  return (
    <section className="card people" aria-labelledby="inspections-title">
      <h2 id="inspections-title">{say.records.inspections}</h2>
      <p className="hint">{say.records.inspectionsHint}</p>
      {value?.length === 0 && <p className="hint">{say.records.noInspections}</p>}
      <ul className="register">
        {value?.map((inspection) => (
          <Entry
            key={inspection.id}
            inspection={inspection}
            mayClose={may && (me.role !== 'regulator' || inspection.reader === me.name)}
            onChange={refresh}
          />
        ))}
      </ul>
      {may && <InspectionForm needsReader={me.kind === 'admin-token'} onDone={refresh} />}
    </section>
  );
};

interface EntryProps {
  readonly inspection: Inspection;
  readonly mayClose: boolean;
  readonly onChange: () => void;
}

const Entry = ({ inspection, mayClose, onChange }: EntryProps) => {
  const { say, format } = useSpeech();
  const { complaint, attempt } = useAttempt();
  const [detail, setDetail] = useState<InspectionDetail | null>(null);
  const path = `/api/v1/inspections/${encodeURIComponent(inspection.id)}`;
  const close = () =>
    attempt(async () => {
      await ask(`${path}/close`, { method: 'POST' });
      onChange();
    });
  const look = () => attempt(async () => setDetail(detail ? null : await askJson<InspectionDetail>(path)));
  return (
    <li data-inspection={inspection.id}>
      <header>
        <b>{inspection.purpose}</b>
        <span className="badge" data-tone={inspection.closedAt === null ? 'warn' : undefined}>
          {inspection.closedAt === null ? say.records.open : say.records.closed}
        </span>
      </header>
      <p className="hint">
        {say.records.by(
          inspection.officers.map(({ name, unit }) => `${name} (${unit})`).join(say.listGap),
          inspection.letter,
        )}
        {say.clauseGap}
        {say.records.reads(inspection.reader)}
        {say.clauseGap}
        {format.dateTime(inspection.openedAt)}
        {inspection.closedAt !== null && ` - ${format.dateTime(inspection.closedAt)}`}
      </p>
      {inspection.signedDigest !== null && (
        <p className="hint">
          {say.records.signed} <code>{inspection.signedDigest}</code>
        </p>
      )}
      {complaint && (
        <Notice tone="bad" role="alert">
          {complaint}
        </Notice>
      )}
      <div className="actions">
        <button type="button" className="quiet small" aria-expanded={detail !== null} onClick={look}>
          {say.records.whatWasRead}
        </button>
        {mayClose && inspection.closedAt === null && (
          <button type="button" className="quiet small" onClick={close}>
            {say.records.close}
          </button>
        )}
      </div>
      {detail && (
        <ol className="history">
          {detail.items.length === 0 && <li>{say.records.nothingRead}</li>}
          {detail.items.map(({ what, firstAt, times }) => (
            <li key={what}>
              <time dateTime={firstAt}>{format.dateTime(firstAt)}</time> <code>{what}</code>
              {times > 1 && ` × ${format.number(times)}`}
            </li>
          ))}
        </ol>
      )}
    </li>
  );
};

const NOBODY = { name: '', unit: '', certificate: '' };

const InspectionForm = ({ needsReader, onDone }: { readonly needsReader: boolean; readonly onDone: () => void }) => {
  const { say } = useSpeech();
  const { busy, complaint, attempt } = useAttempt();
  const [officers, setOfficers] = useState([NOBODY, NOBODY]);
  const [letter, setLetter] = useState('');
  const [purpose, setPurpose] = useState('');
  const [reader, setReader] = useState('');
  const register = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const body = { officers, letter, purpose, ...(reader.trim() && { reader: reader.trim() }) };
    const done = await attempt(async () => void (await ask('/api/v1/inspections', { method: 'POST', body })));
    if (!done) return;
    setOfficers([NOBODY, NOBODY]);
    setLetter('');
    setPurpose('');
    onDone();
  };
  return (
    <details>
      <summary>{say.records.register}</summary>
      <form className="register-form" onSubmit={register}>
        {officers.map((officer, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the first officer stays the first
          <fieldset key={index}>
            <legend>{say.records.officer(index + 1)}</legend>
            {(['name', 'unit', 'certificate'] as const).map((field) => (
              <TextField
                key={field}
                label={say.records.fields[field]}
                value={officer[field]}
                maxLength={100}
                onChange={(value) =>
                  setOfficers(officers.map((other, at) => (at === index ? { ...other, [field]: value } : other)))
                }
              />
            ))}
          </fieldset>
        ))}
        <TextField label={say.records.letter} value={letter} maxLength={100} onChange={setLetter} />
        <TextField label={say.records.purpose} value={purpose} maxLength={500} onChange={setPurpose} />
        {needsReader && <TextField label={say.records.reader} value={reader} maxLength={64} onChange={setReader} />}
        {complaint && (
          <Notice tone="bad" role="alert">
            {complaint}
          </Notice>
        )}
        <div className="actions">
          <button type="submit" disabled={busy}>
            {say.records.begin}
          </button>
          <button type="button" className="quiet" onClick={() => setOfficers([...officers, NOBODY])}>
            {say.records.another}
          </button>
        </div>
      </form>
    </details>
  );
};
