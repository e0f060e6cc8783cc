import { useEffect, useState } from 'react';
import { ApiError, askJson, whenSecondPersonNeeded } from '../api/ask.js';
import { Dialog } from '../parts/dialog.js';
import { Notice } from '../parts/notice.js';
import { explainError } from '../words/explain.js';
import { useSpeech } from '../words/words.js';
import type { Approval } from './approval.js';

/** Between two looks at whether the second person has decided, ms. */
const INTERVAL_MS = 1000;

interface Waiting {
  readonly id: string;
  readonly decided: (granted: boolean) => void;
}

/** Shows a request that waits for a second person, until they have decided or the first one gives up. */
export const SecondPersonDesk = () => {
  const [waiting, setWaiting] = useState<Waiting | null>(null);
  useEffect(() => {
    whenSecondPersonNeeded(
      (id) =>
        new Promise((resolve) => {
          const decided = (granted: boolean): void => {
            setWaiting(null);
            resolve(granted);
          };
          setWaiting({ id, decided });
        }),
    );
    return () => whenSecondPersonNeeded(null);
  }, []);
  return waiting && <WaitDialog key={waiting.id} {...waiting} />;
};

const WaitDialog = ({ id, decided }: Waiting) => {
  const { say, format } = useSpeech();
  const [approval, setApproval] = useState<Approval | null>(null);
  const [complaint, setComplaint] = useState('');
  useEffect(() => {
    let stopped = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = async (): Promise<void> => {
      try {
        const now = await askJson<Approval>(`/api/v1/approvals/${encodeURIComponent(id)}`);
        if (stopped) return;
        setApproval(now);
        setComplaint('');
        if (now.state === 'granted') return decided(true);
        if (now.state !== 'asked') return;
      } catch (error) {
        if (stopped) return;
        setComplaint(explainError(error, say));
        if (error instanceof ApiError && error.status === 404) return;
      }
      timer = setTimeout(look, INTERVAL_MS);
    };
    void look();
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [id, decided, say]);
  const isOver = approval !== null && approval.state !== 'asked' && approval.state !== 'granted';
  return (
    <Dialog title={say.approvals.waitTitle} onClose={() => decided(false)}>
      {complaint && <Notice tone="bad">{complaint}</Notice>}
      {approval && (
        <>
          <p>
            <b>{say.approvals.actions[approval.action]}</b>
          </p>
          <p className="alert-detail">{approval.summary}</p>
          <Notice tone={isOver ? 'bad' : 'plain'} role="status">
            {isOver
              ? say.approvals.decided(say.approvals.states[approval.state], approval.decidedBy ?? '')
              : say.approvals.waitHint(format.dateTime(approval.expiresAt))}
          </Notice>
        </>
      )}
    </Dialog>
  );
};
