import { createContext, type ReactNode, use } from 'react';
import { askJson } from './ask.js';
import type { Camera } from './types.js';
import { type Polled, usePoll } from './use-poll.js';

/** Between two looks at the cameras, ms: a state is shown within a second. */
const INTERVAL_MS = 1000;

const fetchCameras = async (signal: AbortSignal): Promise<readonly Camera[]> =>
  (await askJson<{ cameras: Camera[] }>('/api/v1/cameras', { signal })).cameras;

const CamerasContext = createContext<Polled<readonly Camera[]>>({ value: null, error: null, refresh: () => undefined });

/** Asks once for all who want to know. */
export const CamerasProvider = ({ children }: { readonly children: ReactNode }) => (
  <CamerasContext value={usePoll(fetchCameras, INTERVAL_MS)}>{children}</CamerasContext>
);

export const useCameras = (): Polled<readonly Camera[]> => use(CamerasContext);
