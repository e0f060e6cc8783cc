import { useSpeech } from '../words/words.js';
import { CopyButton } from './copy-button.js';
import { Notice } from './notice.js';

/** A secret that the gateway tells once and keeps nowhere. */
export const ShownOnce = ({ what, secret }: { readonly what: string; readonly secret: string }) => {
  const { say } = useSpeech();
  return (
    <Notice tone="good" role="status">
      <p>
        {what} <b>{say.people.once}</b>
      </p>
      <span className="with-button">
        <code className="secret">{secret}</code> <CopyButton text={secret} what={what} />
      </span>
    </Notice>
  );
};
