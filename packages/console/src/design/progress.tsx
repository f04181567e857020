/** A bar; `value` is 0 to 1, undefined when nobody knows. The label is read aloud with it. */
export const Progress = ({ value, label }: { value: number | undefined; label: string }) => (
  <progress max={1} aria-label={label} {...(value === undefined ? {} : { value })} />
);
