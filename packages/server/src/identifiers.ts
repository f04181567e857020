import { createHash, randomBytes, randomInt } from 'node:crypto';

/** 32 lower-case hex characters. */
export const newId = (): string => randomBytes(16).toString('hex');

export const isId = (text: string): boolean => /^[0-9a-f]{32}$/.test(text);

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Letters and digits with about 5.95 random bits each. */
export const randomText = (length: number): string =>
  Array.from({ length }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
