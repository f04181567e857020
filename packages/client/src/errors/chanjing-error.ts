/** The call that failed. Never holds a token, a key, a body or a signed query. */
export type FailedRequest = { readonly method: string; readonly path: string };

/**
 * Who can do something about a failure: whoever chose the file, the text or the options (`input`: the same again would fail
 * again), whoever owns the account and its keys (`account`), or nobody but time and the server (`infrastructure`).
 */
export type Fault = 'input' | 'account' | 'infrastructure';

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
  /** The server gave no reason: `msg` is ours. */
  unexplained?: boolean | undefined;
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

/** Every failure of this SDK. Catch a subclass, or look at `kind`, to act on one; `msg` is for people. */
export class ChanjingError extends Error {
  // Not the class's own name: minifiers change that.
  override readonly name: string = 'ChanjingError';
  /** Stable name of the kind of failure. */
  readonly kind: string = 'failure';
  readonly fault: Fault = 'infrastructure';
  readonly msg: string;
  readonly remedy: string;
  /** `code` of the server's envelope. */
  readonly code: number | undefined;
  readonly traceId: string | undefined;
  readonly request: FailedRequest | undefined;
  readonly retryAfterMs: number | undefined;
  /** True when the server gave no reason: `msg` is ours. */
  readonly unexplained: boolean;

  constructor(facts: ErrorFacts) {
    super(`${facts.msg}${where(facts)} ${facts.remedy}`, { cause: facts.cause });
    this.msg = facts.msg;
    this.remedy = facts.remedy;
    this.code = facts.code;
    this.traceId = facts.traceId;
    this.request = facts.request;
    this.retryAfterMs = facts.retryAfterMs;
    this.unexplained = facts.unexplained === true;
  }
}
