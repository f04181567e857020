import type { ComponentChildren, CSSProperties } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

type VirtualListProps = {
  label: string;
  count: number;
  /** Height of a row in CSS pixels, all the same. */
  rowHeight: number;
  onShown: (first: number, last: number) => void;
  children: (index: number) => ComponentChildren;
};

/** Rows beyond the edges, so that quick scrolling shows no gap. */
const BEYOND = 6;

/** A long list of which only the rows in sight are there. */
export const VirtualList = ({ label, count, rowHeight, onShown, children }: VirtualListProps) => {
  const box = useRef<HTMLElement>(null);
  const [range, setRange] = useState({ first: 0, last: 20 });
  const look = (): void => {
    // Told once more of a size that is gone.
    if (!box.current) return;
    const { scrollTop, clientHeight } = box.current;
    const first = Math.max(0, Math.floor(scrollTop / rowHeight) - BEYOND);
    const last = Math.min(count - 1, Math.ceil((scrollTop + clientHeight) / rowHeight) + BEYOND);
    setRange((before) => (before.first === first && before.last === last ? before : { first, last }));
  };
  useEffect(() => {
    look();
    const observer = new ResizeObserver(look);
    observer.observe(box.current!);
    return () => observer.disconnect();
  }, [count]);
  useEffect(() => onShown(range.first, range.last), [range]);
  const shown = Array.from(
    { length: Math.max(0, Math.min(range.last, count - 1) - range.first + 1) },
    (_, i) => range.first + i,
  );
  return (
    <section
      class="scroller"
      ref={box}
      onScroll={look}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled with the keyboard
      tabIndex={0}
      aria-label={label}
      // No taller than its rows, with its edges.
      style={{ '--rows': `${count * rowHeight + 2}px` } as CSSProperties}
    >
      <ul class="virtual" style={{ height: `${count * rowHeight}px` }}>
        {shown.map((index) => (
          <li
            key={index}
            style={{ height: `${rowHeight}px`, transform: `translateY(${index * rowHeight}px)` }}
            aria-setsize={count}
            aria-posinset={index + 1}
          >
            {children(index)}
          </li>
        ))}
      </ul>
    </section>
  );
};
