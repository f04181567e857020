/** A message in the languages of the command line. */
export type Bilingual = { readonly en: string; readonly zh: string };

export type Locale = keyof Bilingual;

/** Chinese when the terminal's locale is. */
export const localeOf = (environment: Readonly<Record<string, string | undefined>>): Locale =>
  /^zh/i.test(environment.LC_ALL || environment.LC_MESSAGES || environment.LANG || '') ? 'zh' : 'en';
