import { useState } from 'react';
import { explainError } from '../words/explain.js';
import { useSpeech } from '../words/words.js';

/** Something that a person asked for, and what the gateway said against it. */
export interface Attempt {
  readonly busy: boolean;
  /** Empty where nothing went wrong. */
  readonly complaint: string;
  /** Does it, and tells whether it was done. */
  readonly attempt: (what: () => Promise<void>) => Promise<boolean>;
}

export const useAttempt = (): Attempt => {
  const { say } = useSpeech();
  const [busy, setBusy] = useState(false);
  const [complaint, setComplaint] = useState('');
  const attempt = async (what: () => Promise<void>): Promise<boolean> => {
    setBusy(true);
    try {
      await what();
      setComplaint('');
      return true;
    } catch (error) {
      setComplaint(explainError(error, say));
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, complaint, attempt };
};
