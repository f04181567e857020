import { AuthenticationError } from '../errors/authentication-error.js';
import { BillingError } from '../errors/billing-error.js';
import type { ChanjingError, ErrorFacts, FailedRequest } from '../errors/chanjing-error.js';
import { InvalidRequestError } from '../errors/invalid-request-error.js';
import { QuotaError } from '../errors/quota-error.js';
import { RateLimitError } from '../errors/rate-limit-error.js';
import { ServerError } from '../errors/server-error.js';
import { UnexpectedReplyError } from '../errors/unexpected-reply-error.js';
import type { Envelope } from '../wire.js';
import type { Reply } from './call.js';

type ErrorClass = new (facts: ErrorFacts) => ChanjingError;

const CODES: ReadonlyMap<number, readonly [ErrorClass, remedy: string]> = new Map([
  [400, [InvalidRequestError, 'Correct the named field.']],
  [10400, [AuthenticationError, 'Check the app id and secret key, or log in again.']],
  [10401, [AuthenticationError, 'Check the app id and secret key, or log in again.']],
  [40000, [InvalidRequestError, 'Correct the named field.']],
  [40001, [RateLimitError, 'Wait a minute, then try again.']],
  [40002, [QuotaError, 'Wait until open work is done, or ask for a larger quota.']],
] as const);

/** The service words money troubles differently from call to call, under several codes. */
const BILLING = /扣费失败|余额不足|蝉豆不足|欠费/;

const errorOf = (facts: ErrorFacts & { code: number }): ChanjingError => {
  if (BILLING.test(facts.msg)) {
    return new BillingError({
      ...facts,
      remedy: 'Top up the account (https://www.chanjing.cc), then try again.',
    });
  }
  const [Kind, remedy] = CODES.get(facts.code) ?? [
    ServerError,
    'Try again later; give the trace id to the operator.',
  ];
  return new Kind({ ...facts, remedy });
};

/** `Retry-After` (seconds, or a date by the server's clock) or `retry-after-ms`, in ms. */
export const retryAfterOf = (headers: Headers): number | undefined => {
  const now = Date.parse(headers.get('date') ?? '') || Date.now();
  const ms = Number.parseFloat(headers.get('retry-after-ms') ?? '');
  if (ms >= 0) return ms;
  const text = headers.get('retry-after') ?? '';
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
};

const parseEnvelope = (text: string): Envelope<unknown> | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    const isEnvelope =
      typeof value === 'object' && value !== null && typeof (value as Envelope<unknown>).code === 'number';
    return isEnvelope ? (value as Envelope<unknown>) : undefined;
  } catch {
    return undefined;
  }
};

const hidden = (text: string, secrets: readonly string[]): string =>
  secrets.reduce((shown, secret) => (secret ? shown.replaceAll(secret, '***') : shown), text);

/**
 * The `data` of a reply. Throws the {@link ChanjingError} of its `code`, or {@link UnexpectedReplyError} when it is no
 * envelope. `secrets` are blacked out should the server repeat them.
 */
export const readReply = async <Data>(
  response: Response,
  request: FailedRequest,
  secrets: readonly string[],
): Promise<Reply<Data>> => {
  const retryAfterMs = retryAfterOf(response.headers);
  const envelope = parseEnvelope(await response.text());
  if (!envelope) {
    const remedy = 'Expected a reply of the Open API: check the base URL and what stands before the server.';
    const msg = `HTTP ${response.status} ${response.statusText}`.trim();
    throw new UnexpectedReplyError({ msg, remedy, request, retryAfterMs }, response.status, 'envelope');
  }
  const { code, trace_id: traceId } = envelope;
  if (code === 0) return { data: envelope.data as Data, traceId, retryAfterMs };
  const unexplained = typeof envelope.msg !== 'string' || envelope.msg === '';
  const msg = unexplained ? `code ${code}` : hidden(envelope.msg, secrets);
  throw errorOf({ msg, remedy: '', code, traceId, request, retryAfterMs, unexplained });
};
