import { type FormEvent, useState } from 'react';
import { Dialog } from '../parts/dialog.js';
import { ReasonField } from '../parts/reason-field.js';
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
        <ReasonField label={say.camera.releaseReason} value={reason} onChange={setReason} />
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
