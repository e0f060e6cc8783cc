import { ask } from '../api/ask.js';
import { useMay } from '../api/me.js';
import { useSite } from '../api/use-site.js';
import { Notice } from '../parts/notice.js';
import { useAttempt } from '../parts/use-attempt.js';
import { useSpeech } from '../words/words.js';

/** What of the site file protects less than is in force, and waits for people. */
export const WeakeningCard = () => {
  const { say } = useSpeech();
  const may = useMay('configure');
  const { value: site, refresh } = useSite();
  const { busy, complaint, attempt } = useAttempt();
  if (!site || site.pending.length === 0) return null;
  const accept = () =>
    attempt(async () => {
      await ask('/api/v1/site/accept', { method: 'POST' });
      refresh();
    });
  return (
    <Notice tone="warn">
      <strong>{say.approvals.weakens}</strong>
      <ul>
        {site.pending.map(({ path, from, to }) => (
          <li key={path}>
            <code>{path}</code>: {say.approvals.fromTo(String(from), String(to))}
          </li>
        ))}
      </ul>
      <p>{site.takesTwo ? say.approvals.takesTwo : say.approvals.takesOne}</p>
      {complaint && <p role="alert">{complaint}</p>}
      {may && (
        <button type="button" className="danger" disabled={busy} onClick={accept}>
          {say.approvals.acceptWeakening}
        </button>
      )}
    </Notice>
  );
};
