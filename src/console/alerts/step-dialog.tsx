import { type FormEvent, useState } from 'react';
import { Dialog } from '../parts/dialog.js';
import { ReasonField } from '../parts/reason-field.js';
import { useSpeech } from '../words/words.js';
import type { AlertState } from './alert.js';

/** The body of a step. */
export interface StepBody {
  readonly state: AlertState;
  readonly reason?: string;
  readonly report?: { readonly to: string; readonly reference: string };
}

interface StepDialogProps {
  readonly to: 'dismissed' | 'reported';
  readonly onClose: () => void;
  readonly onTake: (body: StepBody) => void;
}

/** Asks for what a step cannot be taken without: why it is dismissed, or to whom it was reported. */
export const StepDialog = ({ to, onClose, onTake }: StepDialogProps) => {
  const { say } = useSpeech();
  const [one, setOne] = useState('');
  const [other, setOther] = useState('');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (to === 'dismissed') onTake({ state: to, reason: one.trim() });
    else onTake({ state: to, report: { to: one.trim(), reference: other.trim() } });
  };
  return (
    <Dialog title={to === 'dismissed' ? say.alerts.dismissTitle : say.alerts.reportTitle} onClose={onClose}>
      <form className="stacked" onSubmit={submit}>
        <ReasonField
          label={to === 'dismissed' ? say.alerts.reason : say.alerts.reportTo}
          value={one}
          onChange={setOne}
        />
        {to === 'reported' && (
          <ReasonField label={say.alerts.reference} value={other} onChange={setOther} maxLength={200} />
        )}
        <div className="actions">
          <button type="submit">{say.alerts.states[to]}</button>
          <button type="button" className="quiet" onClick={onClose}>
            {say.cancel}
          </button>
        </div>
      </form>
    </Dialog>
  );
};
