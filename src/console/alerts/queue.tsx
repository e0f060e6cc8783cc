import { useEffect, useRef, useState } from 'react';
import { useNow } from '../parts/use-now.js';
import { useSpeech } from '../words/words.js';
import type { Alert, Patience, Severity } from './alert.js';
import { Deadline } from './deadline.js';

/** Height of a row, px; only rows near what is seen exist. */
const ROW = 66;
const MARGIN_ROWS = 6;

interface QueueProps {
  readonly queue: readonly Alert[];
  readonly picked: string | null;
  /** null until it is known. */
  readonly patience: Patience | null;
  readonly onPick: (id: string) => void;
  readonly loading: boolean;
}

/** Thousands of rows, of which only those near what is seen are built. */
export const Queue = ({ queue, picked, patience, onPick, loading }: QueueProps) => {
  const { say, format } = useSpeech();
  const now = useNow();
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
              <span className="queue-camera">{alert.camera}</span>
              <span>
                {say.listGap}
                {say.alerts.states[alert.state]}
                {say.listGap}
                {format.since(alert.openedAt, now)}
                <Deadline alert={alert} patience={patience} now={now} before={say.listGap} />
              </span>
            </span>
          </div>
        ))}
      </div>
    </div>
  );
};

const TONES: Readonly<Record<Severity, 'bad' | 'warn' | undefined>> = {
  critical: 'bad',
  high: 'bad',
  medium: 'warn',
  low: undefined,
};
