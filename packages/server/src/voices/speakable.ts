import { parameterError } from '../errors/contract-error.js';

/** Throws {@link ContractError} for a text of which nothing can be read aloud, such as emoji alone. */
export const requireSpeakable = (field: string, text: string): void => {
  if (/[\p{L}\p{N}]/u.test(text)) return;
  throw parameterError(
    field,
    text.slice(0, 40),
    'text with at least one letter, character or digit to read aloud',
  );
};
