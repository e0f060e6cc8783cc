import { useCallback } from 'react';
import { askJson } from '../api/ask.js';
import type { ZoneRevision } from '../api/types.js';
import { usePoll } from '../api/use-poll.js';
import { Icon } from '../parts/icon.js';
import { useSpeech } from '../words/words.js';

/** Somebody else may change zones too; ms. */
const INTERVAL_MS = 5000;

interface RevisionsProps {
  readonly camera: string;
  readonly compared: number | null;
  readonly onCompare: (revision: ZoneRevision | null) => void;
  readonly onRestore: (revision: ZoneRevision) => void;
}

/** Every zone set that was ever in force, newest first, with who and when. */
export const Revisions = ({ camera, compared, onCompare, onRestore }: RevisionsProps) => {
  const { say, format } = useSpeech();
  const fetchThem = useCallback(
    async (signal: AbortSignal) => {
      const path = `/api/v1/cameras/${encodeURIComponent(camera)}/zones/history`;
      return (await askJson<{ revisions: ZoneRevision[] }>(path, { signal })).revisions.toReversed();
    },
    [camera],
  );
  const { value: revisions } = usePoll(fetchThem, INTERVAL_MS);
  return (
    <section className="card" aria-labelledby="history-title">
      <h2 id="history-title">
        <Icon name="history" size={18} /> {say.zones.history}
      </h2>
      <ol className="revisions">
        {revisions?.map((revision, index) => (
          <li key={revision.revision}>
            <div>
              <b>{say.zones.revision(revision.revision)}</b>
              {index === 0 && (
                <span className="badge" data-tone="good">
                  {say.zones.inForce}
                </span>
              )}
              <p className="hint">
                {format.dateTime(revision.acceptedAt)}, {say.zones.by(revision.acceptedBy)} (
                {say.zones.sources[revision.source]})
              </p>
            </div>
            <div className="row">
              <button
                type="button"
                className="quiet small"
                aria-pressed={compared === revision.revision}
                onClick={() => onCompare(compared === revision.revision ? null : revision)}
              >
                {say.zones.compare}
              </button>
              <button type="button" className="quiet small" onClick={() => onRestore(revision)}>
                {say.zones.restore}
              </button>
            </div>
          </li>
        ))}
      </ol>
      <p className="hint">{say.zones.restoreHint}</p>
    </section>
  );
};
