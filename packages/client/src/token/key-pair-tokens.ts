import { AuthenticationError } from '../errors/authentication-error.js';
import type { ChanjingError } from '../errors/chanjing-error.js';
import { InvalidRequestError } from '../errors/invalid-request-error.js';
import { UnexpectedReplyError } from '../errors/unexpected-reply-error.js';
import type { Transport } from '../transport/transport.js';
import { sendOnce, withRetries } from '../transport/transport.js';
import type { Token } from '../wire.js';
import type { KeyPair, TokenSource, TokenStore } from './token-source.js';
import { isUsable } from './token-source.js';

const refusedKeys = (error: ChanjingError): AuthenticationError =>
  new AuthenticationError({
    msg: error.msg,
    remedy: 'Check the app id and secret key (https://www.chanjing.cc/platform/api_keys), or log in again.',
    code: error.code,
    traceId: error.traceId,
    request: error.request,
    unexplained: error.unexplained,
  });

/** Asks for a new token; the app's previous one ends. Throws {@link AuthenticationError} when the keys are refused. */
const requestToken = async (
  transport: Omit<Transport, 'tokens' | 'windows'>,
  keys: KeyPair,
  signal: AbortSignal | undefined,
): Promise<Token> => {
  const body = { app_id: keys.appId, secret_key: keys.secretKey };
  const call = { method: 'POST', path: '/open/v1/access_token', body, signal } as const;
  try {
    const once = () => sendOnce<Token>(transport, call, undefined, [keys.secretKey]);
    const { data, traceId } = await withRetries(once, transport.maxRetries, signal);
    if (data?.access_token) return data;
    throw new UnexpectedReplyError(
      {
        msg: 'The reply has no access_token',
        remedy: 'Check that the base URL is a server of the Open API.',
        traceId,
        request: { method: call.method, path: call.path },
      },
      200,
      'access token',
    );
  } catch (error) {
    throw error instanceof InvalidRequestError ? refusedKeys(error) : error;
  }
};

/** Tokens of a key pair: kept in the store until 5 minutes before they end, renewed by one caller at a time. */
export const keyPairTokens = (
  transport: Omit<Transport, 'tokens' | 'windows'>,
  keys: KeyPair,
  store: TokenStore,
): TokenSource => {
  const renew = (refused: string | undefined, signal: AbortSignal | undefined): Promise<string> =>
    store.exclusively(async () => {
      // Somebody else may have renewed it while this call waited for its turn.
      const stored = await store.read();
      if (isUsable(stored) && stored.access_token !== refused) return stored.access_token;
      const fresh = await requestToken(transport, keys, signal);
      await store.write(fresh);
      return fresh.access_token;
    }, signal);
  return {
    get: async (signal) => {
      const stored = await store.read();
      return isUsable(stored) ? stored.access_token : renew(undefined, signal);
    },
    replace: renew,
  };
};
