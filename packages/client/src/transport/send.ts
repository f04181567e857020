import type { FailedRequest } from '../errors/chanjing-error.js';
import { ConnectionError } from '../errors/connection-error.js';
import { TimeoutError } from '../errors/timeout-error.js';

/** Failures of the network before a connection stands: the server saw nothing. */
const BEFORE_CONNECT: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** `fetch` hides the reason in chains of causes, and in lists when several addresses were tried. */
const networkCodes = (error: unknown, depth = 0): string[] => {
  if (typeof error !== 'object' || error === null || depth > 5) return [];
  const { code, cause, errors } = error as { code?: unknown; cause?: unknown; errors?: unknown };
  const inner = Array.isArray(errors) ? errors.flatMap((one) => networkCodes(one, depth + 1)) : [];
  return [...(typeof code === 'string' ? [code] : []), ...inner, ...networkCodes(cause, depth + 1)];
};

/** The innermost cause says most. */
const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? reasonOf(error.cause) : error.message;
};

const connectionError = (error: unknown, origin: string, request: FailedRequest): ConnectionError => {
  const codes = networkCodes(error);
  const mayHaveArrived = codes.length === 0 || !codes.every((code) => BEFORE_CONNECT.has(code));
  const msg = `No connection to ${origin}: ${codes[0] ?? reasonOf(error)}`;
  const remedy = 'Check that the server runs and that the base URL is right.';
  return new ConnectionError({ msg, remedy, request, cause: error }, mayHaveArrived);
};

export type Sending = {
  readonly fetch: typeof globalThis.fetch;
  readonly url: string;
  readonly init: RequestInit;
  readonly request: FailedRequest;
  /** Undefined for no limit. */
  readonly timeoutMs: number | undefined;
  readonly signal: AbortSignal | undefined;
};

const originOf = (url: string): string => (URL.canParse(url) ? new URL(url).origin : 'the server');

/**
 * Sends one request and reads its reply with `read`, both within `timeoutMs`. Throws {@link TimeoutError},
 * {@link ConnectionError}, the signal's reason, or what `read` throws.
 */
export const send = async <Result>(
  { fetch, url, init, request, timeoutMs, signal }: Sending,
  read: (response: Response) => Promise<Result>,
): Promise<Result> => {
  signal?.throwIfAborted();
  const timeout = timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs);
  const signals = [signal, timeout].filter((one) => one !== undefined);
  // Names what happened, whether it broke while connecting or halfway through the reply.
  const explain = (error: unknown): unknown => {
    if (signal?.aborted) return signal.reason;
    if (timeout?.aborted) {
      const msg = `No reply from ${originOf(url)} within ${timeoutMs! / 1000} s`;
      return new TimeoutError({ msg, remedy: 'Try again, or allow more time.', request });
    }
    return error instanceof TypeError ? connectionError(error, originOf(url), request) : error;
  };
  try {
    return await read(
      await fetch(url, signals.length > 0 ? { ...init, signal: AbortSignal.any(signals) } : init),
    );
  } catch (error) {
    throw explain(error);
  }
};
