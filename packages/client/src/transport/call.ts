/** One call of the Open API. */
export type Call = {
  readonly method: 'GET' | 'POST';
  /** Path below the base URL. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly body?: object;
  /** Set on calls that make something: a repeat might make it twice. */
  readonly makes?: Making;
  /** Which client-side limit per minute it counts against. */
  readonly limit?: CallLimit;
  /** The reply of a success carries no data. */
  readonly repliesNothing?: true;
  readonly signal?: AbortSignal | undefined;
};

export type Making = {
  /** Where to look when the outcome is unknown, for the error text. */
  readonly what: string;
  /** True when the server returns the first result for a repeated `Idempotency-Key`. */
  readonly keyed: boolean;
  readonly idempotencyKey: string;
};

export type CallLimit = 'create' | 'speech' | 'file';

export type Reply<Data> = {
  readonly data: Data;
  readonly traceId: string;
  /** How long the server asks to wait before the next call, in ms. */
  readonly retryAfterMs: number | undefined;
};
