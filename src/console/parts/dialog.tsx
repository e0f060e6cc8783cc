import { type ReactNode, useEffect, useId, useRef } from 'react';
import { useSpeech } from '../words/words.js';

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly wide?: boolean;
}

/** A modal window: the browser keeps focus inside and Escape closes it. */
export const Dialog = ({ title, onClose, children, wide = false }: DialogProps) => {
  const { say } = useSpeech();
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    dialog.current?.showModal();
    // The browser would choose the button that closes it.
    dialog.current?.querySelector<HTMLElement>('form input, form select, form textarea')?.focus();
  }, []);
  return (
    <dialog ref={dialog} className="dialog" data-wide={wide || undefined} aria-labelledby={heading} onClose={onClose}>
      <header>
        <h2 id={heading}>{title}</h2>
        <button type="button" className="quiet" onClick={onClose}>
          {say.close}
        </button>
      </header>
      {children}
    </dialog>
  );
};
