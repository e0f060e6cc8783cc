import { useState } from 'react';
import { ask, askJson } from '../api/ask.js';
import { useMay, useMe } from '../api/me.js';
import { usePoll } from '../api/use-poll.js';
import { Notice } from '../parts/notice.js';
import { explainError } from '../words/explain.js';
import { useSpeech } from '../words/words.js';
import type { Approval } from './approval.js';
import { WeakeningCard } from './weakening-card.js';

/** Between two looks at what is asked for, ms. */
const INTERVAL_MS = 2000;

const fetchApprovals = async (signal: AbortSignal): Promise<readonly Approval[]> =>
  (await askJson<{ approvals: Approval[] }>('/api/v1/approvals', { signal })).approvals;

/** What waits for a second person, and what became of the rest. */
export const ApprovalsPage = () => {
  const { say } = useSpeech();
  const { value, error, refresh } = usePoll(fetchApprovals, INTERVAL_MS);
  const [complaint, setComplaint] = useState('');
  const decide = async ({ id }: Approval, granted: boolean): Promise<void> => {
    try {
      await ask(`/api/v1/approvals/${encodeURIComponent(id)}/decision`, { method: 'POST', body: { granted } });
      setComplaint('');
    } catch (failure) {
      setComplaint(explainError(failure, say));
    }
    refresh();
  };
  const wrong = complaint || (error && explainError(error, say));
  return (
    <>
      <div className="page-head">
        <h1>{say.pages.approvals}</h1>
        <p className="summary">{say.approvals.summary}</p>
      </div>
      {wrong && (
        <Notice tone="bad" role="alert">
          {wrong}
        </Notice>
      )}
      <WeakeningCard />
      {value === null && !error && <p className="loading">{say.loading}</p>}
      {value?.length === 0 && <p className="loading">{say.approvals.none}</p>}
      <ul className="standings">
        {value?.map((approval) => (
          <Request key={approval.id} approval={approval} onDecide={decide} />
        ))}
      </ul>
    </>
  );
};

interface RequestProps {
  readonly approval: Approval;
  readonly onDecide: (approval: Approval, granted: boolean) => void;
}

const TONES = { asked: 'warn', granted: 'good', used: 'good', refused: 'bad', expired: undefined } as const;

const Request = ({ approval, onDecide }: RequestProps) => {
  const { say, format } = useSpeech();
  const me = useMe();
  const may = useMay('approve') && me.kind !== 'token';
  const { action, summary, state, askedBy, askedAt, expiresAt, decidedBy } = approval;
  return (
    <li className="card standing" data-approval={approval.id}>
      <header>
        <h2>{say.approvals.actions[action]}</h2>
        <span className="badge" data-tone={TONES[state]}>
          {say.approvals.states[state]}
        </span>
      </header>
      <p>{summary}</p>
      <p className="hint">
        {say.approvals.asked(askedBy, format.dateTime(askedAt))}
        {decidedBy !== null && <> {say.approvals.decidedBy(decidedBy)}</>}
        {state === 'asked' && <> {say.approvals.until(format.dateTime(expiresAt))}</>}
      </p>
      {state === 'asked' && askedBy === me.name && <p className="hint">{say.approvals.own}</p>}
      {state === 'asked' && askedBy !== me.name && may && (
        <div className="actions">
          <button type="button" onClick={() => onDecide(approval, true)}>
            {say.approvals.agree}
          </button>
          <button type="button" className="danger" onClick={() => onDecide(approval, false)}>
            {say.approvals.refuse}
          </button>
        </div>
      )}
    </li>
  );
};
