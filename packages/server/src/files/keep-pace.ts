/** A body came so slowly that it would hold its room for hours. */
export class TooSlowError extends Error {
  constructor(bytesPerSecond: number) {
    super(`the body comes too slowly: expected at least ${bytesPerSecond} bytes a second`);
    this.name = 'TooSlowError';
  }
}

/** Long enough for a phone that changes its network. */
const WINDOW_MS = 30_000;

export type Pace = {
  /** Aborted with {@link TooSlowError} when too little came in a whole window. */
  readonly signal: AbortSignal;
  /** Notes how many bytes have come in all. */
  received(bytes: number): void;
  end(): void;
};

/** Looks that something comes at least so fast, over each window of half a minute. */
export const keepPace = (bytesPerSecond: number, windowMs: number = WINDOW_MS): Pace => {
  const abort = new AbortController();
  let total = 0;
  let before = 0;
  const timer = setInterval(() => {
    if (total - before < (bytesPerSecond * windowMs) / 1000) abort.abort(new TooSlowError(bytesPerSecond));
    before = total;
  }, windowMs);
  return {
    signal: abort.signal,
    received: (bytes) => {
      total = bytes;
    },
    end: () => clearInterval(timer),
  };
};
