import { useCallback, useEffect, useRef, useState } from 'react';
import { ApiError, askJson } from '../api/ask.js';
import { useEvents } from '../api/events.js';
import type { Alert } from './alert.js';

/** Alerts of one answer, and the most that a page holds: what is open comes first. */
const PAGE = 200;
const MOST_ALERTS = 5000;

/** Shown at most so often, ms: a flood of alerts is taken in at once and painted four times a second. */
const PAINT_MS = 250;

export interface KnownAlerts {
  /** null before the first answer. */
  readonly alerts: ReadonlyMap<string, Alert> | null;
  readonly error: ApiError | null;
  /** Takes in an alert that an answer told of. */
  readonly learn: (alert: Alert) => void;
}

/** All open alerts (or the last ones, decided or not), kept up to the present by the gateway's events. */
export const useAlerts = (open: boolean): KnownAlerts => {
  const [alerts, setAlerts] = useState<ReadonlyMap<string, Alert> | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const known = useRef(new Map<string, Alert>());
  const painting = useRef<ReturnType<typeof setTimeout> | null>(null);
  const paint = useCallback((): void => {
    painting.current ??= setTimeout(() => {
      painting.current = null;
      setAlerts(new Map(known.current));
    }, PAINT_MS);
  }, []);
  const learn = useCallback(
    (alert: Alert): void => {
      known.current.set(alert.id, alert);
      paint();
    },
    [paint],
  );
  const listen = useEvents();
  useEffect(() => {
    let stopped = false;
    /** What is told while the list is read is newer than the list. */
    let news: Alert[] | null = null;
    const load = async (): Promise<void> => {
      try {
        news = [];
        const fresh = new Map<string, Alert>();
        let after: string | null = null;
        do {
          const query = new URLSearchParams({
            limit: String(PAGE),
            ...(open && { open: 'true' }),
            ...(after && { after }),
          });
          const page: { alerts: Alert[]; next: string | null } = await askJson(`/api/v1/alerts?${query}`);
          for (const alert of page.alerts) fresh.set(alert.id, alert);
          after = page.next;
        } while (after !== null && fresh.size < MOST_ALERTS && open);
        if (stopped) return;
        for (const alert of news ?? []) fresh.set(alert.id, alert);
        news = null;
        known.current = fresh;
        setAlerts(fresh);
        setError(null);
      } catch (thrown) {
        if (!stopped) setError(thrown instanceof ApiError ? thrown : new ApiError(0, 'failed', String(thrown)));
      }
    };
    void load();
    const stop = listen({
      onEvent: ({ event, data }) => {
        if (event === 'alert') {
          const { alert } = data as { alert: Alert };
          news?.push(alert);
          learn(alert);
        } else if (event === 'reload') void load();
      },
      onBack: load,
    });
    return () => {
      stopped = true;
      stop();
      if (painting.current) clearTimeout(painting.current);
      painting.current = null;
    };
  }, [open, learn, listen]);
  return { alerts, error, learn };
};
