import type { Language } from './language.js';

const LOCALES: Readonly<Record<Language, string>> = { en: 'en-GB', zh: 'zh-CN' };

/** Unix time in seconds, as a date with the time of day. */
export const formatTime = (language: Language, seconds: number): string =>
  new Date(seconds * 1000).toLocaleString(LOCALES[language], { dateStyle: 'medium', timeStyle: 'short' });

/** A number as the reader writes it: `10,000`, with at most so many digits after the point. */
export const formatNumber = (language: Language, value: number, digits = 0): string =>
  value.toLocaleString(LOCALES[language], { maximumFractionDigits: digits, minimumFractionDigits: digits });

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

export const formatBytes = (language: Language, bytes: number): string => {
  const step = bytes < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
  return new Intl.NumberFormat(LOCALES[language], {
    style: 'unit',
    unit: UNITS[step]!,
    unitDisplay: 'short',
    maximumFractionDigits: step > 1 ? 1 : 0,
  }).format(bytes / 1000 ** step);
};

/** `1:05`, or `1:01:05`. */
export const formatClock = (seconds: number): string => {
  const whole = Math.max(0, Math.round(seconds));
  const two = (value: number): string => String(value).padStart(2, '0');
  const minutes = Math.floor(whole / 60);
  return minutes < 60
    ? `${minutes}:${two(whole % 60)}`
    : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(whole % 60)}`;
};

/** `1:05.3` */
export const formatTenths = (seconds: number): string => {
  const tenths = Math.round(seconds * 10);
  const whole = Math.floor(tenths / 10);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}.${tenths % 10}`;
};

/** Of a BCP 47 tag: its name in the reader's language. */
export const languageName = (language: Language, tag: string): string => {
  try {
    return new Intl.DisplayNames([LOCALES[language]], { type: 'language' }).of(tag) ?? tag;
  } catch {
    return tag;
  }
};
