import {
  type ReceivedPicture,
  RtspClient,
  type RtspClientError,
  type RtspClientOptions,
  type VideoTrack,
} from '../../src/rtsp/client.js';

/** An {@link RtspClient} whose callbacks can be awaited. */
export interface Pull extends AsyncDisposable {
  readonly client: RtspClient;
  readonly pictures: ReceivedPicture[];
  readonly tracks: VideoTrack[];
  /** Resolves with what `onEnd` was given. */
  readonly ended: Promise<RtspClientError | null>;
  /** How often `onEnd` was called. */
  readonly ends: () => number;
  /** The pictures, once there are so many. Rejects where the source ends before. */
  until(count: number): Promise<ReceivedPicture[]>;
}

/** Pulls a source for a test, and leaves it at the end of the block. */
export const startPull = (url: string, options: Partial<RtspClientOptions> = {}): Pull => {
  const pictures: ReceivedPicture[] = [];
  const tracks: VideoTrack[] = [];
  const watchers = new Set<() => void>();
  let ends = 0;
  let outcome: { readonly error: RtspClientError | null } | null = null;
  let finish: (error: RtspClientError | null) => void;
  const ended = new Promise<RtspClientError | null>((resolve) => {
    finish = resolve;
  });
  const wake = (): void => {
    for (const watcher of watchers) watcher();
  };
  const client = new RtspClient({
    url,
    transport: 'tcp',
    onTrack: (track) => tracks.push(track),
    onPicture: (picture) => {
      pictures.push(picture);
      wake();
    },
    onEnd: (error) => {
      ends++;
      outcome = { error };
      finish(error);
      wake();
    },
    ...options,
  });
  client.start();
  return {
    client,
    pictures,
    tracks,
    ended,
    ends: () => ends,
    until: (count) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (pictures.length < count && !outcome) return;
          watchers.delete(look);
          if (pictures.length >= count) resolve(pictures.slice(0, count));
          else reject(outcome?.error ?? new Error('the client was closed'));
        };
        watchers.add(look);
        look();
      }),
    [Symbol.asyncDispose]: () => client.close(),
  };
};
