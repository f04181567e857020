import { ConnectionError } from '../errors/connection-error.js';
import { RateLimitError } from '../errors/rate-limit-error.js';
import { ServerError } from '../errors/server-error.js';
import { TimeoutError } from '../errors/timeout-error.js';
import { UnexpectedReplyError } from '../errors/unexpected-reply-error.js';
import { UploadRefusedError } from '../errors/upload-refused-error.js';

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 8000;
/** Limits are counted by the minute: trying again at once is futile. */
const RATE_DELAY_MS = 5000;
/** A server that asks for more than this is answered with the error. */
const LONGEST_WISH_MS = 65_000;

const isTemporaryStatus = (status: number): boolean => status === 408 || status === 429 || status >= 500;

/** The request certainly did nothing, so that anything may be sent again. */
export const didNothing = (error: unknown): boolean =>
  error instanceof RateLimitError ||
  (error instanceof ConnectionError && !error.mayHaveArrived) ||
  (error instanceof UnexpectedReplyError && error.status === 429);

/** No reply tells what the request did. */
export const isOutcomeUnknown = (error: unknown): boolean =>
  (error instanceof ConnectionError && error.mayHaveArrived) ||
  error instanceof TimeoutError ||
  (error instanceof UnexpectedReplyError &&
    (error.status >= 500 || error.status === 408 || error.status < 300));

/** Another try may well succeed. */
export const isTemporary = (error: unknown): boolean =>
  didNothing(error) ||
  error instanceof ConnectionError ||
  error instanceof TimeoutError ||
  error instanceof ServerError ||
  (error instanceof UnexpectedReplyError && isTemporaryStatus(error.status)) ||
  (error instanceof UploadRefusedError && isTemporaryStatus(error.status));

/**
 * How long to wait before trying again, in ms, or undefined to give up: the server's wish, else doubling from 0.5 s to
 * 8 s (from 5 s when too many calls were made) with up to 25 % taken off.
 */
export const retryDelay = (error: unknown, attempt: number, maxRetries: number): number | undefined => {
  if (attempt >= maxRetries) return undefined;
  const wish = (error as { retryAfterMs?: number }).retryAfterMs;
  if (wish !== undefined) return wish > LONGEST_WISH_MS ? undefined : wish;
  const growing =
    error instanceof RateLimitError
      ? RATE_DELAY_MS * 2 ** attempt
      : Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** attempt);
  return growing * (1 - Math.random() / 4);
};
