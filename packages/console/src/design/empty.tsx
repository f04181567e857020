import type { ComponentChildren } from 'preact';

/** Nothing is here yet, and what to do about it. */
export const Empty = ({ text, children }: { text: string; children?: ComponentChildren }) => (
  <div class="empty">
    <p>{text}</p>
    {children}
  </div>
);
