import { AuthenticationError } from '../errors/authentication-error.js';
import { ChanjingError } from '../errors/chanjing-error.js';
import { InvalidRequestError } from '../errors/invalid-request-error.js';
import { OutcomeUnknownError } from '../errors/outcome-unknown-error.js';
import { UnexpectedReplyError } from '../errors/unexpected-reply-error.js';
import type { TokenSource } from '../token/token-source.js';
import type { Call, CallLimit, Making, Reply } from './call.js';
import type { CallWindow } from './call-window.js';
import { pause } from './pause.js';
import { readReply } from './read-reply.js';
import { didNothing, isOutcomeUnknown, isTemporary, retryDelay } from './retry.js';
import { send } from './send.js';

export type Transport = {
  readonly baseUrl: string;
  readonly fetch: typeof globalThis.fetch;
  readonly timeoutMs: number;
  readonly maxRetries: number;
  readonly tokens: TokenSource;
  readonly windows: Readonly<Record<CallLimit, CallWindow>>;
};

const urlOf = (baseUrl: string, { path, query }: Call): string => {
  const parameters = Object.entries(query ?? {}).map(([name, value]): [string, string] => [
    name,
    String(value),
  ]);
  return parameters.length === 0 ? baseUrl + path : `${baseUrl}${path}?${new URLSearchParams(parameters)}`;
};

const initOf = (call: Call, token: string | undefined): RequestInit => ({
  method: call.method,
  // A redirect would carry the token to wherever it points.
  redirect: 'manual',
  headers: {
    accept: 'application/json',
    ...(token === undefined ? {} : { access_token: token }),
    ...(call.body ? { 'content-type': 'application/json; charset=utf-8' } : {}),
    ...(call.makes?.keyed ? { 'idempotency-key': call.makes.idempotencyKey } : {}),
  },
  ...(call.body ? { body: JSON.stringify(call.body) } : {}),
});

type Wire = Pick<Transport, 'baseUrl' | 'fetch' | 'timeoutMs'>;

/** One try of a call; `token` is undefined for calls that need none. */
export const sendOnce = <Data>(
  { baseUrl, fetch, timeoutMs }: Wire,
  call: Call,
  token: string | undefined,
  secrets: readonly string[] = [],
): Promise<Reply<Data>> => {
  const request = { method: call.method, path: call.path };
  return send(
    { fetch, url: urlOf(baseUrl, call), init: initOf(call, token), request, timeoutMs, signal: call.signal },
    (response) => readReply<Data>(response, request, token === undefined ? secrets : [token, ...secrets]),
  );
};

const mayRepeat = ({ makes }: Call, error: unknown): boolean =>
  makes && !makes.keyed ? didNothing(error) : isTemporary(error);

const outcomeUnknown = (error: unknown, makes: Making, sentAt: number): OutcomeUnknownError => {
  const remedy = `It may have been made, and paid for. Look among the ${makes.what} made since then before trying again.`;
  const {
    msg: said,
    code,
    traceId,
    request,
  } = error instanceof ChanjingError
    ? error
    : { msg: 'Stopped before a reply came', code: undefined, traceId: undefined, request: undefined };
  const msg = `${said.replace(/\.$/, '')}. Whether it was made is unknown.`;
  return new OutcomeUnknownError(
    { msg, remedy, code, traceId, request, cause: error },
    { sentAt, idempotencyKey: makes.idempotencyKey },
  );
};

const withData = <Data>(reply: Reply<Data>, { method, path, repliesNothing }: Call): Reply<Data> => {
  if (repliesNothing) return reply;
  if (reply.data !== null && reply.data !== undefined && reply.data !== '') return reply;
  const remedy = 'Check that the base URL is a server of the Open API.';
  const { traceId } = reply;
  throw new UnexpectedReplyError(
    { msg: 'The reply has no data', remedy, code: 0, traceId, request: { method, path } },
    200,
    'data',
  );
};

/** Repeats `once` while its failure is temporary. */
export const withRetries = async <Result>(
  once: () => Promise<Result>,
  maxRetries: number,
  signal: AbortSignal | undefined,
  mayTryAgain: (error: unknown) => boolean = isTemporary,
): Promise<Result> => {
  for (let attempt = 0; ; attempt++) {
    try {
      return await once();
    } catch (error) {
      const delay = mayTryAgain(error) ? retryDelay(error, attempt, maxRetries) : undefined;
      if (delay === undefined) throw error;
      await pause(delay, signal);
    }
  }
};

/**
 * Makes a call with a token, repeated as far as that is safe; a refused token is replaced once. Throws
 * {@link ChanjingError} subclasses, or the signal's reason; for a create that was stopped on its way, or of which a try
 * got no reply, {@link OutcomeUnknownError}.
 */
export const callApi = async <Data>(transport: Transport, call: Call): Promise<Reply<Data>> => {
  const { tokens, windows, maxRetries } = transport;
  const sentAt = Math.floor(Date.now() / 1000);
  let token = await tokens.get(call.signal);
  let replaced = false;
  // One try without a reply is enough, whatever the later ones say.
  let mayBeMade = false;
  const once = async (): Promise<Reply<Data>> => {
    if (call.limit) await windows[call.limit](call.signal);
    call.signal?.throwIfAborted();
    try {
      return withData(await sendOnce<Data>(transport, call, token), call);
    } catch (error) {
      mayBeMade ||= isOutcomeUnknown(error) || call.signal?.aborted === true;
      throw error;
    }
  };
  const withFreshToken = async (): Promise<Reply<Data>> => {
    try {
      return await once();
    } catch (error) {
      if (!(error instanceof AuthenticationError) || replaced) throw error;
      replaced = true;
      token = await tokens.replace(token, call.signal);
      return once();
    }
  };
  try {
    return await withRetries(withFreshToken, maxRetries, call.signal, (error) => mayRepeat(call, error));
  } catch (error) {
    if (call.makes && mayBeMade && !(error instanceof InvalidRequestError))
      throw outcomeUnknown(error, call.makes, sentAt);
    throw error;
  }
};
