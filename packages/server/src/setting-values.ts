// How values of settings are read from text.

export type Definition<Value> = {
  readonly flag: string;
  readonly env: string;
  readonly fallback: Value;
  /** Undefined when the text is not allowed. */
  readonly read: (text: string) => Value | undefined;
  readonly expected: string;
  readonly about: string;
};

export type DefinitionsOf<Settings> = { readonly [Name in keyof Settings]: Definition<Settings[Name]> };

type Reader<Value> = { readonly read: (text: string) => Value | undefined; readonly expected: string };

export const anyText: Reader<string> = { read: (text: string) => text, expected: 'text' };

export const wholeNumber = (min: number, max: number): Reader<number> => ({
  read: (text) => {
    const value = Number(text);
    return /^\d+$/.test(text) && value >= min && value <= max ? value : undefined;
  },
  expected: `a whole number from ${min} to ${max}`,
});

export const yesOrNo: Reader<boolean> = {
  read: (text) => ({ true: true, '1': true, '': true, false: false, '0': false })[text],
  expected: 'true or false',
};

export const listOf = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);

/** The same without a slash at the end; empty for none. */
export const urlOrNone: Reader<string> = {
  read: (text) => (text === '' || isHttpUrl(text) ? text.replace(/\/+$/, '') : undefined),
  expected: 'an http or https URL',
};

export const isOrigin = (text: string): boolean =>
  text === '*' || (/^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text);

export const isHttpUrl = (text: string): boolean => /^https?:\/\/[^/?#]+/.test(text) && URL.canParse(text);

export const isHostAndPort = (text: string): boolean =>
  /^[^/?#@]+:\d{1,5}$/.test(text) && URL.canParse(`http://${text}`);

/** A password in a URL would be logged with it. */
export const hasNoUser = (text: string): boolean => {
  const { username, password } = new URL(text);
  return username === '' && password === '';
};
