/** The call that failed. Never holds a token, a key, a body or a signed query. */
export type FailedRequest = { readonly method: string; readonly path: string };

export type ErrorFacts = {
  /** What was wrong: the server's own words where it has any. */
  msg: string;
  /** What to do about it. */
  remedy: string;
  /** `code` of the server's envelope. */
  code?: number | undefined;
  traceId?: string | undefined;
  request?: FailedRequest | undefined;
  /** How long the server asks to wait, in ms. */
  retryAfterMs?: number | undefined;
  cause?: unknown;
};

const where = ({ code, traceId, request }: ErrorFacts): string => {
  const facts = [
    request && `${request.method} ${request.path}`,
    code !== undefined && `code ${code}`,
    traceId && `trace id ${traceId}`,
  ].filter(Boolean);
  return facts.length > 0 ? ` (${facts.join(', ')})` : '';
};

/** Every failure of this SDK. Catch a subclass to act on one kind. */
export class ChanjingError extends Error {
  // Not the class's own name: minifiers change that.
  override readonly name: string = 'ChanjingError';
  readonly msg: string;
  readonly remedy: string;
  readonly code: number | undefined;
  readonly traceId: string | undefined;
  readonly request: FailedRequest | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(facts: ErrorFacts) {
    super(`${facts.msg}${where(facts)} ${facts.remedy}`, { cause: facts.cause });
    this.msg = facts.msg;
    this.remedy = facts.remedy;
    this.code = facts.code;
    this.traceId = facts.traceId;
    this.request = facts.request;
    this.retryAfterMs = facts.retryAfterMs;
  }
}
