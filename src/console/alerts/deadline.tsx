import { useSpeech } from '../words/words.js';
import { type Alert, dueOf, isLate, type Patience } from './alert.js';

interface DeadlineProps {
  readonly alert: Alert;
  readonly patience: Patience | null;
  /** ms since 1970. */
  readonly now: number;
  /** What separates it from the words before. */
  readonly before: string;
}

/** How long an alert may still wait, or that it has waited too long. */
export const Deadline = ({ alert, patience, now, before }: DeadlineProps) => {
  const { say, format } = useSpeech();
  const due = patience && dueOf(alert, patience);
  // The gateway marks what is late every few seconds; the clock of this page may be ahead of it, and waits for its word.
  if (isLate(alert) || (due && due.at <= now)) {
    const isReport = alert.overdueAt !== null || due?.what === 'report';
    const mark = isReport ? say.alerts.overdue : say.alerts.escalated;
    return (
      <b className="late">
        {before}
        {mark}
        {due && due.at < now && ` (+${format.span(now - due.at)})`}
      </b>
    );
  }
  return (
    due && (
      <span className="due">
        {before}
        {say.alerts.due[due.what](format.span(due.at - now))}
      </span>
    )
  );
};
