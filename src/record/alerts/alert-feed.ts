import type { AlertNews } from './alert-book.js';

/** What a listener may hear. */
export type FeedNews =
  | ({ readonly type: 'alert' } & AlertNews)
  /** A stream went from one state to another. */
  | {
      readonly type: 'camera';
      readonly camera: string;
      readonly state: string;
      readonly reason: string | null;
      readonly at: number;
    };

/** Tells what happens to whoever listens now. What was missed is in the store. */
export class AlertFeed {
  readonly #listeners = new Set<(news: FeedNews) => void>();

  /** @returns what ends the listening */
  listen(listener: (news: FeedNews) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  tell(news: FeedNews): void {
    for (const listener of this.#listeners) listener(news);
  }
}
