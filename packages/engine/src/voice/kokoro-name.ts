import type { Voice } from './voice-provider.js';

const LANGUAGES: Readonly<Record<string, string>> = {
  a: 'en',
  b: 'en',
  e: 'es',
  f: 'fr',
  h: 'hi',
  i: 'it',
  j: 'ja',
  p: 'pt',
  z: 'zh',
};

/** Kokoro names its voices by language and gender: `zf_xiaobei` is a Chinese woman. Undefined for other names. */
export const readKokoroName = (name: string): Pick<Voice, 'gender' | 'language'> | undefined => {
  const [, tongue, sex] = /^([abefhijpz])([fm])_/u.exec(name) ?? [];
  return tongue ? { gender: sex === 'm' ? 'male' : 'female', language: LANGUAGES[tongue] } : undefined;
};
