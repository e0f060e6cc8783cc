import { type FormEvent, useState } from 'react';
import { Dialog } from '../parts/dialog.js';
import { useSpeech } from '../words/words.js';

interface ReleaseDialogProps {
  readonly onClose: () => void;
  readonly onAsk: (reason: string) => void;
}

/** Asks why a place that was recognised as prohibited is none; a second person reads it. */
export const ReleaseDialog = ({ onClose, onAsk }: ReleaseDialogProps) => {
  const { say } = useSpeech();
  const [reason, setReason] = useState('');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onAsk(reason.trim());
  };
  return (
    <Dialog title={say.camera.releaseTitle} onClose={onClose}>
      <form className="stacked" onSubmit={submit}>
        <label htmlFor="release-reason">{say.camera.releaseReason}</label>
        <input
          id="release-reason"
          value={reason}
          required
          pattern=".*\S.*"
          maxLength={500}
          onChange={({ target }) => setReason(target.value)}
        />
        <div className="actions">
          <button type="submit">{say.camera.releaseAsk}</button>
          <button type="button" className="quiet" onClick={onClose}>
            {say.cancel}
          </button>
        </div>
      </form>
    </Dialog>
  );
};
