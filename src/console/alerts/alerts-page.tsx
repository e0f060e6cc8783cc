import { useEffect, useMemo, useState } from 'react';
import { askJson } from '../api/ask.js';
import { useCameras } from '../api/cameras.js';
import { useMay } from '../api/me.js';
import { useSite } from '../api/use-site.js';
import { Choice } from '../parts/choice.js';
import { Notice } from '../parts/notice.js';
import { explainError } from '../words/explain.js';
import { useSpeech } from '../words/words.js';
import {
  type Alert,
  type AlertState,
  isOpen,
  NEXT_STEPS,
  queueOf,
  relatedTo,
  SEVERITIES,
  type Severity,
} from './alert.js';
import { AlertPanel } from './alert-panel.js';
import { Queue } from './queue.js';
import { type StepBody, StepDialog } from './step-dialog.js';
import { useAlerts } from './use-alerts.js';

const KEYS: Readonly<Record<string, Exclude<AlertState, 'new'>>> = {
  a: 'acknowledged',
  c: 'confirmed',
  d: 'dismissed',
  r: 'reported',
  x: 'closed',
};

const MOVES: Readonly<Record<string, number>> = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };

/** The queue of what people must decide. */
export const AlertsPage = () => {
  const { say } = useSpeech();
  const { value: cameras } = useCameras();
  const mayOperate = useMay('operate');
  const [open, setOpen] = useState(true);
  const [severity, setSeverity] = useState<Severity | null>(null);
  const [camera, setCamera] = useState<string | null>(null);
  const [picked, setPicked] = useState<string | null>(null);
  const [asking, setAsking] = useState<'dismissed' | 'reported' | null>(null);
  const [complaint, setComplaint] = useState('');
  const { alerts, error, learn } = useAlerts(open);
  const patience = useSite().value?.alerts ?? null;
  const queue = useMemo(
    () => queueOf(alerts?.values() ?? [], { open, severity, camera }),
    [alerts, open, severity, camera],
  );
  const index = queue.findIndex(({ id }) => id === picked);
  const alert = queue[index] ?? (picked === null ? undefined : alerts?.get(picked));

  const take = async (target: Alert, body: StepBody): Promise<void> => {
    setAsking(null);
    try {
      const next = queue[index + 1] ?? queue[index - 1];
      const after = await askJson<Alert>(`/api/v1/alerts/${target.id}`, { method: 'PATCH', body });
      setComplaint('');
      learn(after);
      // What is decided leaves the queue: the next one takes its place under the hand.
      if (open && !isOpen(after)) setPicked(next && next.id !== target.id ? next.id : null);
    } catch (failure) {
      setComplaint(explainError(failure, say));
    }
  };
  const begin = (to: Exclude<AlertState, 'new'>): void => {
    if (!alert || !mayOperate || !NEXT_STEPS[alert.state].includes(to)) return;
    if (to === 'dismissed' || to === 'reported') setAsking(to);
    else void take(alert, { state: to });
  };
  const keys = (event: KeyboardEvent): void => {
    if (isTyping(event) || event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]'))
      return;
    const { key } = event;
    const goTo = (at: number): void => setPicked(queue[Math.min(queue.length - 1, Math.max(0, at))]?.id ?? null);
    if (key in MOVES) goTo(index < 0 ? 0 : index + MOVES[key]!);
    else if (key === 'Home') goTo(0);
    else if (key === 'End') goTo(queue.length - 1);
    else if (KEYS[key]) begin(KEYS[key]);
    else return;
    event.preventDefault();
  };
  // Wherever the focus is: whoever works through a queue has no hand for the mouse.
  useEffect(() => {
    addEventListener('keydown', keys);
    return () => removeEventListener('keydown', keys);
  });

  const openCount = alerts ? [...alerts.values()].filter(isOpen).length : 0;
  return (
    <>
      <div className="page-head">
        <h1>{say.pages.alerts}</h1>
        <p role="status" className="summary">
          {alerts && say.alerts.summary(openCount)}
        </p>
        <Choice
          label={say.alerts.state}
          value={open ? 'open' : 'all'}
          options={[
            { value: 'open', label: say.alerts.openOnly },
            { value: 'all', label: say.alerts.allStates },
          ]}
          onChange={(value) => setOpen(value === 'open')}
        />
        <Choice
          label={say.alerts.severity}
          value={severity ?? ''}
          options={[
            { value: '', label: say.alerts.any },
            ...SEVERITIES.map((value) => ({ value, label: say.alerts.severities[value] })),
          ]}
          onChange={(value) => setSeverity((value || null) as Severity | null)}
        />
        <Choice
          label={say.alerts.camera}
          value={camera ?? ''}
          options={[
            { value: '', label: say.alerts.any },
            ...(cameras ?? []).map(({ id }) => ({ value: id, label: id })),
          ]}
          onChange={(value) => setCamera(value || null)}
        />
      </div>
      <dl className="key-help" aria-label={say.alerts.keys}>
        {say.alerts.keyHelp.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      {error && (
        <Notice tone={error.status === 404 ? 'plain' : 'bad'} role="alert">
          {error.status === 404 ? say.alerts.unavailable : explainError(error, say)}
        </Notice>
      )}
      {complaint && (
        <Notice tone="bad" role="alert">
          {complaint}
        </Notice>
      )}
      <div className="alerts" hidden={error?.status === 404}>
        <Queue
          queue={queue}
          picked={picked}
          patience={patience}
          onPick={setPicked}
          loading={alerts === null && !error}
        />
        <section className="alert-side card" aria-live="polite" aria-label={say.alerts.evidence}>
          {alert ? (
            <AlertPanel
              key={alert.id}
              alert={alert}
              patience={patience}
              related={relatedTo(alert, alerts?.values() ?? [])}
              onStep={begin}
              onPick={setPicked}
            />
          ) : (
            <p className="loading">{queue.length === 0 ? say.alerts.empty : say.alerts.choose}</p>
          )}
        </section>
      </div>
      {asking && alert && (
        <StepDialog to={asking} onClose={() => setAsking(null)} onTake={(body) => take(alert, body)} />
      )}
    </>
  );
};

const isTyping = ({ target }: KeyboardEvent): boolean =>
  target instanceof HTMLInputElement || target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement;
