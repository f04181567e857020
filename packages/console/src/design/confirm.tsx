import { useEffect, useRef } from 'preact/hooks';
import { useText } from '../language/language.js';

type ConfirmProps = { question: string; action: string; onYes: () => void; onClose: () => void };

/** Asks before something is lost. */
export const Confirm = ({ question, action, onYes, onClose }: ConfirmProps) => {
  const t = useText();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} onClose={onClose} aria-label={question}>
      <p>{question}</p>
      <div class="row end">
        <button type="button" onClick={onClose}>
          {t.cancel}
        </button>
        <button
          type="button"
          class="danger"
          onClick={() => {
            onYes();
            onClose();
          }}
        >
          {action}
        </button>
      </div>
    </dialog>
  );
};
