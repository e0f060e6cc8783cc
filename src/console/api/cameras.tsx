import { createContext, type ReactNode, use, useEffect } from 'react';
import { askJson } from './ask.js';
import { useEvents } from './events.js';
import type { Camera } from './types.js';
import { type Polled, usePoll } from './use-poll.js';

/** Between two looks at the cameras, ms, for their numbers; that a state changed is told by an event, and looked at there and then. */
const INTERVAL_MS = 1000;

const fetchCameras = async (signal: AbortSignal): Promise<readonly Camera[]> =>
  (await askJson<{ cameras: Camera[] }>('/api/v1/cameras', { signal })).cameras;

const CamerasContext = createContext<Polled<readonly Camera[]>>({ value: null, error: null, refresh: () => undefined });

/** Asks once for all who want to know. */
export const CamerasProvider = ({ children }: { readonly children: ReactNode }) => {
  const cameras = usePoll(fetchCameras, INTERVAL_MS);
  const listen = useEvents();
  const { refresh } = cameras;
  useEffect(
    () =>
      listen({
        onEvent: ({ event }) => {
          if (event === 'camera') refresh();
        },
        onBack: refresh,
      }),
    [listen, refresh],
  );
  return <CamerasContext value={cameras}>{children}</CamerasContext>;
};

export const useCameras = (): Polled<readonly Camera[]> => use(CamerasContext);
