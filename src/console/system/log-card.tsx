import { useEffect, useState } from 'react';
import { askJson } from '../api/ask.js';
import { type LogHead, rootOf, type Verdict, verifyLog } from '../api/log.js';
import { Icon } from '../parts/icon.js';
import { Notice } from '../parts/notice.js';
import { explainError } from '../words/explain.js';
import { useSpeech } from '../words/words.js';

/** The head of the audit log, and a button that holds it to what this browser saw before. */
export const LogCard = () => {
  const { say, format } = useSpeech();
  const [head, setHead] = useState<LogHead | 'away' | null>(null);
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  const [complaint, setComplaint] = useState('');
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    askJson<LogHead>('/api/v1/log').then(setHead, () => setHead('away'));
  }, []);
  const verify = async (): Promise<void> => {
    setBusy(true);
    try {
      const found = await verifyLog();
      setVerdict(found);
      setHead(found.head);
      setComplaint('');
    } catch (error) {
      setComplaint(explainError(error, say));
    } finally {
      setBusy(false);
    }
  };
  return (
    <section className="card" aria-labelledby="log-title">
      <h2 id="log-title">{say.system.log}</h2>
      {head === 'away' && (
        <>
          <p className="hint">{say.system.logAway}</p>
          <code>npx veilgate audit verify &lt;storage.dir&gt;/audit</code>
        </>
      )}
      {head !== null && head !== 'away' && (
        <>
          <dl className="facts">
            <div>
              <dt>{say.system.logSize}</dt>
              <dd>{format.number(head.size)}</dd>
            </div>
            <div>
              <dt>{say.system.logRoot}</dt>
              <dd>
                <code>{rootOf(head)}</code>
              </dd>
            </div>
            <div>
              <dt>{say.system.logKey}</dt>
              <dd>
                <code>{head.fingerprint}</code>
              </dd>
            </div>
          </dl>
          <div className="actions">
            <button type="button" disabled={busy} onClick={verify}>
              <Icon name="check" size={17} /> {busy ? say.system.verifying : say.system.verify}
            </button>
          </div>
        </>
      )}
      <div aria-live="polite">
        {complaint && <Notice tone="bad">{complaint}</Notice>}
        {verdict && (
          <Notice tone={verdict.kind === 'broken' ? 'bad' : 'good'}>
            {verdict.kind === 'broken' && say.system.broken}
            {verdict.kind === 'first' && say.system.firstSeen(format.number(verdict.head.size))}
            {verdict.kind === 'continues' &&
              say.system.verified(format.number(verdict.from), format.number(verdict.head.size))}
          </Notice>
        )}
      </div>
    </section>
  );
};
