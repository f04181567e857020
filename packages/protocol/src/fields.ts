import { z } from 'zod';
import { LIMITS } from './limits.js';

// The error text of every field is what was expected; `explainIssues` puts the field and the received value before it.

const wholeNumberText = (min: number, max: number): string => `a whole number from ${min} to ${max}`;

export const wholeNumber = (min: number, max: number): z.ZodNumber => {
  const error = wholeNumberText(min, max);
  return z.int({ error }).min(min, { error }).max(max, { error });
};

/** A whole number in a query string, where everything is text. */
export const queryNumber = (min: number, max: number): z.ZodType<number, unknown> => {
  const error = wholeNumberText(min, max);
  return z.coerce.number({ error }).int({ error }).min(min, { error }).max(max, { error });
};

export const numberBetween = (range: { min: number; max: number }): z.ZodNumber => {
  const error = `a number from ${range.min} to ${range.max}`;
  return z.number({ error }).min(range.min, { error }).max(range.max, { error });
};

/** One of the two to four numbers of a small set. */
export const oneOfNumbers = <const T extends readonly number[]>(values: T): z.ZodType<T[number], T[number]> =>
  z.literal([...values], { error: values.join(' or ') });

export const oneOfWords = <const T extends readonly string[]>(values: T): z.ZodType<T[number], T[number]> =>
  z.literal([...values], { error: values.map((value) => JSON.stringify(value)).join(' or ') });

/** Characters that no store and no speech takes: NUL, and halves of surrogate pairs. */
const unstorable = /\0|\p{Surrogate}/u;

/** Text that can be stored and shown: Unicode without NUL or lone surrogates. Length in characters. */
export const plainText = (what: string, min: number, max: number): z.ZodString => {
  const error = `${what}, ${min} to ${max} characters of valid Unicode`;
  return z
    .string({ error })
    .refine(
      (text) => {
        const length = [...text].length;
        return length >= min && length <= max && !unstorable.test(text);
      },
      { error },
    )
    .meta({ minLength: min, maxLength: max });
};

/** An id as made by the server: 32 hex characters. Others are taken too, and then found nowhere. */
export const id = (what: string): z.ZodString =>
  z.string({ error: `the id of ${what}` }).min(1, { error: `the id of ${what}` });

const isHttpUrl = (text: string): boolean => {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return (
    (url.protocol === 'http:' || url.protocol === 'https:') && url.username === '' && url.password === ''
  );
};

/** An http(s) URL without user name or password; an empty string means none. */
export const callbackUrl = (): z.ZodString => {
  const error = `an http or https URL of at most ${LIMITS.callbackLength} characters, without a user name or password`;
  return z
    .string({ error })
    .max(LIMITS.callbackLength, { error })
    .refine((text) => text === '' || (isHttpUrl(text) && !unstorable.test(text)), { error });
};
