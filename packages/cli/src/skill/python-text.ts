// What the vendor's scripts print as Python does.

/** A path as `pathlib` shows it: without empty and `.` steps. */
export const pathText = (path: string): string => {
  const root = /^\/\/(?!\/)/.test(path) ? '//' : path.startsWith('/') ? '/' : '';
  const steps = path.split('/').filter((step) => step !== '' && step !== '.');
  return root + steps.join('/') || '.';
};

/** JSON on one line as `json.dumps` writes it: a space after commas and colons. */
export const jsonLine = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(jsonLine).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}: ${jsonLine(member)}`);
  return `{${members.join(', ')}}`;
};
