import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { en, type Texts } from './en.js';
import { zh } from './zh.js';

export type Language = 'en' | 'zh';

const TABLES: Readonly<Record<Language, Texts>> = { en, zh };

const KEY = 'chanjing-avatar.language';

/** The language that was chosen here, else the first of the browser's that is known. */
export const initialLanguage = (): Language => {
  const chosen = localStorage.getItem(KEY);
  if (chosen === 'en' || chosen === 'zh') return chosen;
  const known = navigator.languages.find((tag) => /^(en|zh)\b/i.test(tag)) ?? 'en';
  return /^zh/i.test(known) ? 'zh' : 'en';
};

/** The browser reads the page aloud in this language. */
export const applyLanguage = (language: Language): void => {
  localStorage.setItem(KEY, language);
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
};

export const LanguageContext = createContext<Language>('en');

export const useLanguage = (): Language => useContext(LanguageContext);

/** Every word in the reader's language. */
export const useText = (): Texts => TABLES[useLanguage()];
