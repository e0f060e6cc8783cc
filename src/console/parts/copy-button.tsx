import { useState } from 'react';
import { useSpeech } from '../words/words.js';

/** How long it says that it has copied, ms. */
const SAID_MS = 2000;

export const CopyButton = ({ text, what }: { readonly text: string; readonly what: string }) => {
  const { say } = useSpeech();
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    // Browsers give the clipboard to safe origins only; elsewhere the text can be selected.
    await navigator.clipboard?.writeText(text).then(
      () => {
        setCopied(true);
        setTimeout(() => setCopied(false), SAID_MS);
      },
      () => undefined,
    );
  };
  return (
    <button type="button" className="quiet small" onClick={copy} aria-label={`${say.copy}: ${what}`}>
      <span aria-live="polite">{copied ? say.copied : say.copy}</span>
    </button>
  );
};
