import type { AlertBook } from '../record/alerts/alert-book.js';
import { alertDocument, eventDocument } from '../record/alerts/alert-document.js';
import type { AlertFeed, FeedNews } from '../record/alerts/alert-feed.js';
import type { OpenStream, StreamEvent } from './event-stream.js';

/** Read at once while a client is brought up to now. */
const BATCH = 200;
/** A client that was away for longer reads the list anew; it is told so. */
const MOST_MISSED = 5000;

/**
 * What happens from now on, after what happened since the client's last event. Nothing is left out and nothing is told twice: the live
 * news waits while the store is read, and what both have is told once.
 */
export const alertEvents =
  (book: Pick<AlertBook, 'eventsAfter'>, feed: Pick<AlertFeed, 'listen'>, lastEventId: string | null): OpenStream =>
  (sink) => {
    let told = lastEventId !== null && /^\d{1,15}$/.test(lastEventId) ? Number(lastEventId) : null;
    let waiting: FeedNews[] | null = told === null ? null : [];
    const tell = (news: FeedNews): void => {
      if (news.type === 'alert' && news.event && told !== null && news.event.seq <= told) return;
      if (news.type === 'alert' && news.event) told = news.event.seq;
      sink.send(eventOf(news));
    };
    const stop = feed.listen((news) => (waiting ? waiting.push(news) : tell(news)));
    const catchUp = async (): Promise<void> => {
      for (let missed = 0; waiting; ) {
        const news = await book.eventsAfter(told!, BATCH);
        for (const one of news) tell({ type: 'alert', ...one });
        missed += news.length;
        if (missed > MOST_MISSED) sink.send({ event: 'reload', data: {} });
        if (news.length < BATCH || missed > MOST_MISSED) {
          const held = waiting;
          waiting = null;
          for (const one of held) tell(one);
        }
      }
    };
    // The store is gone: the client comes back and says again where it was.
    if (waiting) catchUp().catch(() => sink.end());
    return stop;
  };

const eventOf = (news: FeedNews): StreamEvent => {
  if (news.type === 'camera') {
    const { camera, state, reason, at } = news;
    return { event: 'camera', data: { camera, state, reason, at: new Date(at).toISOString() } };
  }
  const { alert, event } = news;
  return {
    event: 'alert',
    ...(event && { id: event.seq }),
    data: { alert: alertDocument(alert), event: event && eventDocument(event) },
  };
};
