import { useEffect, useState } from 'react';
import { ApiError, ask, askJson } from '../api/ask.js';
import type { CommissionBox } from '../api/types.js';
import { explainError } from '../words/explain.js';
import { useSpeech } from '../words/words.js';

/** From one raw picture to the next, ms: zones are drawn on it, nobody watches it. */
const INTERVAL_MS = 700;

/** What lies under the zones in place of the live masked picture. */
export type GroundKind = 'coarse' | 'raw';

export interface Ground {
  /** null: the masked picture alone. */
  readonly kind: GroundKind | null;
  /** Of a picture that is gone when `kind` is another one; null until it is there. */
  readonly address: string | null;
  /** When the raw picture goes, by this browser's clock, ms since 1970. */
  readonly until: number;
  /** Why there is none, or no more. */
  readonly complaint: string;
  readonly coarse: (wanted: boolean) => void;
  /** Opens the commissioning view. @throws ApiError */
  readonly openRaw: (reason: string) => Promise<void>;
  readonly closeRaw: () => void;
}

/** What zones are drawn on: a picture in coarse blocks, or the raw one, where that may be. Nothing is kept of either. */
export const useGround = (camera: string): Ground => {
  const { say } = useSpeech();
  const [kind, setKind] = useState<GroundKind | null>(null);
  const [until, setUntil] = useState(0);
  const [address, setAddress] = useState<string | null>(null);
  const [complaint, setComplaint] = useState('');
  const path = `/api/v1/cameras/${encodeURIComponent(camera)}`;

  useEffect(() => {
    if (kind === null) return;
    const stop = new AbortController();
    const { signal } = stop;
    let shown: string | null = null;
    let next: ReturnType<typeof setTimeout> | undefined;
    const show = (picture: Blob | null): void => {
      if (shown) URL.revokeObjectURL(shown);
      shown = picture && URL.createObjectURL(picture);
      setAddress(shown);
    };
    const end = (why: string): void => {
      setKind(null);
      setComplaint(why);
    };
    const turn = async (): Promise<void> => {
      try {
        const answer = await ask(`${path}/${kind === 'raw' ? 'commission/picture' : 'coarse'}.jpg`, { signal });
        const picture = await answer.blob();
        if (!signal.aborted) show(picture);
      } catch (error) {
        if (signal.aborted) return;
        // A camera that is slow, or away for a moment, is no reason to close.
        const code = kind === 'raw' && error instanceof ApiError ? error.code : '';
        if (code === 'no-picture') show(null);
        // Another page of this session looks as well: both go on.
        else if (code !== 'too-many-looks') return end(explainError(error, say));
      }
      if (kind === 'raw' && !signal.aborted) next = setTimeout(turn, INTERVAL_MS);
    };
    void turn();
    const over = kind === 'raw' ? setTimeout(() => end(say.zones.rawOver), until - Date.now()) : undefined;
    return () => {
      stop.abort();
      clearTimeout(next);
      clearTimeout(over);
      show(null);
      // Whoever leaves the page, or looks at another camera, has seen enough.
      if (kind === 'raw') ask(`${path}/commission`, { method: 'DELETE' }).catch(() => undefined);
    };
  }, [kind, until, path, say]);

  return {
    kind,
    address,
    until,
    complaint,
    coarse: (wanted) => {
      setComplaint('');
      setKind(wanted ? 'coarse' : null);
    },
    openRaw: async (reason) => {
      const { seconds } = await askJson<CommissionBox>(`${path}/commission`, { method: 'POST', body: { reason } });
      setComplaint('');
      setUntil(Date.now() + seconds * 1000);
      setKind('raw');
    },
    closeRaw: () => setKind(null),
  };
};
