import { AuthenticationError } from '../errors/authentication-error.js';
import type { TokenSource } from './token-source.js';

/** A token, or a function that gets one, for example from your own server. `refused` is one that no longer works. */
export type AccessToken = string | ((refused?: string) => string | Promise<string>);

/** Tokens that the caller provides; only a function can replace a refused one. */
export const givenTokens = (accessToken: AccessToken): TokenSource => {
  if (typeof accessToken === 'function') {
    return { get: async () => accessToken(), replace: async (refused) => accessToken(refused) };
  }
  return {
    get: async () => accessToken,
    replace: async () => {
      throw new AuthenticationError({
        msg: 'The given access token was refused: it is wrong, expired, or replaced by a newer one.',
        remedy: 'Pass a current token, or a function that gets one, or credentials.',
        code: 10400,
      });
    },
  };
};
