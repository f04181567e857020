import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';

type DropZoneProps = {
  id: string;
  accept: string;
  title: string;
  hint: string;
  action: string;
  onFile: (file: File) => void;
  children?: ComponentChildren;
};

/** A place to drop a file on, or to choose one with. */
export const DropZone = ({ id, accept, title, hint, action, onFile, children }: DropZoneProps) => {
  const [isOver, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  return (
    <section
      class={isOver ? 'drop over' : 'drop'}
      aria-label={title}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        const file = event.dataTransfer?.files[0];
        if (file) onFile(file);
      }}
    >
      {children ?? <p class="drop-title">{title}</p>}
      <p class="hint" id={`${id}-hint`}>
        {hint}
      </p>
      <input
        ref={input}
        id={id}
        class="unseen"
        type="file"
        accept={accept}
        aria-label={action}
        aria-describedby={`${id}-hint`}
        tabIndex={-1}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          // The same file can be chosen again.
          event.currentTarget.value = '';
          if (file) onFile(file);
        }}
      />
      <button type="button" onClick={() => input.current?.click()}>
        {action}
      </button>
    </section>
  );
};
