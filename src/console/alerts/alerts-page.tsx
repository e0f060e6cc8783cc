import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { askJson } from '../api/ask.js';
import { useCameras } from '../api/cameras.js';
import { useMay } from '../api/me.js';
import { Choice } from '../parts/choice.js';
import { Notice } from '../parts/notice.js';
import { explainError } from '../words/explain.js';
import { useSpeech } from '../words/words.js';
import {
  type Alert,
  type AlertState,
  isLate,
  isOpen,
  NEXT_STEPS,
  queueOf,
  relatedTo,
  SEVERITIES,
  type Severity,
} from './alert.js';
import { AlertPanel } from './alert-panel.js';
import { type StepBody, StepDialog } from './step-dialog.js';
import { useAlerts } from './use-alerts.js';

/** Height of a row, px; only rows near what is seen exist. */
const ROW = 66;
const MARGIN_ROWS = 6;

const KEYS: Readonly<Record<string, Exclude<AlertState, 'new'>>> = {
  a: 'acknowledged',
  c: 'confirmed',
  d: 'dismissed',
  r: 'reported',
  x: 'closed',
};

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
    const { target, key } = event;
    if (
      target instanceof HTMLInputElement ||
      target instanceof HTMLSelectElement ||
      target instanceof HTMLTextAreaElement
    )
      return;
    if (event.ctrlKey || event.metaKey || event.altKey || asking) return;
    const move = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[key];
    if (move !== undefined && queue.length > 0) {
      setPicked(queue[Math.min(queue.length - 1, Math.max(0, index + (index < 0 ? 1 : move)))]!.id);
    } else if (KEYS[key]) begin(KEYS[key]);
    else return;
    event.preventDefault();
  };

  const openCount = alerts ? [...alerts.values()].filter(isOpen).length : 0;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: its keys are shortcuts of buttons within
    <div onKeyDown={keys}>
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
        <Queue queue={queue} picked={picked} onPick={setPicked} loading={alerts === null && !error} />
        <section className="alert-side card" aria-live="polite" aria-label={say.alerts.evidence}>
          {alert ? (
            <AlertPanel
              key={alert.id}
              alert={alert}
              related={relatedTo(alert, alerts?.values() ?? [])}
              onStep={begin}
              onPick={setPicked}
            />
          ) : (
            <p className="loading">{queue.length === 0 ? say.alerts.empty : say.alerts.choose}</p>
          )}
        </section>
      </div>
      <p className="hint keys">{say.alerts.keys}</p>
      {asking && alert && (
        <StepDialog to={asking} onClose={() => setAsking(null)} onTake={(body) => take(alert, body)} />
      )}
    </div>
  );
};

interface QueueProps {
  readonly queue: readonly Alert[];
  readonly picked: string | null;
  readonly onPick: (id: string) => void;
  readonly loading: boolean;
}

/** Thousands of rows, of which only those near what is seen are built. */
const Queue = ({ queue, picked, onPick, loading }: QueueProps) => {
  const { say, format } = useSpeech();
  const box = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(600);
  const index = queue.findIndex(({ id }) => id === picked);
  useEffect(() => {
    const element = box.current!;
    const observer = new ResizeObserver(() => setHeight(element.clientHeight));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    const element = box.current!;
    if (index < 0) return;
    if (index * ROW < element.scrollTop) element.scrollTop = index * ROW;
    else if ((index + 1) * ROW > element.scrollTop + element.clientHeight)
      element.scrollTop = (index + 1) * ROW - element.clientHeight;
  }, [index]);
  const first = Math.max(0, Math.floor(top / ROW) - MARGIN_ROWS);
  const last = Math.min(queue.length, Math.ceil((top + height) / ROW) + MARGIN_ROWS);
  return (
    <div
      ref={box}
      className="queue card"
      role="listbox"
      aria-label={say.alerts.list}
      tabIndex={0}
      aria-activedescendant={index >= first && index < last ? `alert-${picked}` : undefined}
      onScroll={({ currentTarget }) => setTop(currentTarget.scrollTop)}
    >
      {loading && <p className="loading">{say.loading}</p>}
      <div className="queue-length" style={{ height: queue.length * ROW }} role="presentation">
        {queue.slice(first, last).map((alert, offset) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the list takes the keys
          // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus
          <div
            key={alert.id}
            id={`alert-${alert.id}`}
            className="queue-row"
            role="option"
            aria-selected={alert.id === picked}
            aria-posinset={first + offset + 1}
            aria-setsize={queue.length}
            style={{ top: (first + offset) * ROW, height: ROW }}
            data-severity={alert.severity}
            onClick={() => onPick(alert.id)}
          >
            <span className="queue-title">
              <b>{say.alerts.kinds[alert.kind] ?? alert.kind}</b>
              <span className="badge" data-tone={TONES[alert.severity]}>
                {say.alerts.severities[alert.severity]}
              </span>
            </span>
            <span className="queue-facts">
              {alert.camera}
              {say.listGap}
              {say.alerts.states[alert.state]}
              {say.listGap}
              {format.since(alert.openedAt)}
              {isLate(alert) && (
                <b className="late">
                  {say.listGap}
                  {alert.overdueAt ? say.alerts.overdue : say.alerts.escalated}
                </b>
              )}
            </span>
          </div>
        ))}
      </div>
    </div>
  );
};

export const TONES: Readonly<Record<Severity, 'bad' | 'warn' | undefined>> = {
  critical: 'bad',
  high: 'bad',
  medium: 'warn',
  low: undefined,
};
