import { CLOUD_URL } from './client.js';
import { orUnsupported } from './resources/own-server.js';
import type { KeyPair } from './token/token-source.js';
import { sendOnce } from './transport/transport.js';
import type { Session } from './wire.js';

export type SignInOptions = {
  baseUrl?: string | undefined;
  fetch?: typeof globalThis.fetch | undefined;
  /** Time for the call in ms. Default 60 000. */
  timeoutMs?: number | undefined;
};

/**
 * Signs in a person with the code of a one-time link or an app's keys: the session's token is good as `accessToken`, and
 * the app's own token goes on. Throws InvalidRequestError for a code that is used or expired, and for wrong keys;
 * UnsupportedCallError on the vendor's cloud.
 */
export const signIn = async (
  by: { code: string } | KeyPair,
  { baseUrl = CLOUD_URL, fetch, timeoutMs = 60_000 }: SignInOptions = {},
): Promise<Session> => {
  const wire = {
    baseUrl: baseUrl.replace(/\/+$/, ''),
    fetch: fetch ?? globalThis.fetch.bind(globalThis),
    timeoutMs,
  };
  const secret = 'code' in by ? by.code : by.secretKey;
  const body = 'code' in by ? { code: by.code } : { app_id: by.appId, secret_key: by.secretKey };
  try {
    const call = { method: 'POST', path: '/open/v1/session', body } as const;
    return (await sendOnce<Session>(wire, call, undefined, [secret])).data;
  } catch (error) {
    throw orUnsupported(error, 'sign people in');
  }
};
