import { pause, unlessAborted } from './pause.js';

const WINDOW_MS = 60_000;

/** Waits until another call is allowed. */
export type CallWindow = (signal?: AbortSignal) => Promise<void>;

/** At most `limit` calls in any minute; the ones over it wait, first come first served. */
export const callWindow = (limit: number): CallWindow => {
  const begun: number[] = [];
  let queue: Promise<void> = Promise.resolve();
  const takeTurn = async (signal?: AbortSignal): Promise<void> => {
    signal?.throwIfAborted();
    const oldest = begun[begun.length - limit];
    const wait = oldest === undefined ? 0 : oldest + WINDOW_MS - Date.now();
    if (wait > 0) await pause(wait, signal);
    begun.push(Date.now());
    if (begun.length > limit) begun.shift();
  };
  return (signal) => {
    const turn = queue.then(() => takeTurn(signal));
    queue = turn.catch(() => {});
    return unlessAborted(turn, signal);
  };
};
