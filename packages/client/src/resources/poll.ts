import { WaitTimeoutError } from '../errors/wait-timeout-error.js';
import type { Reply } from '../transport/call.js';
import { pause } from '../transport/pause.js';
import { isTemporary } from '../transport/retry.js';

export type WaitOptions = {
  /** Longest time to wait, in ms. */
  timeoutMs?: number;
  /** Fixed time between questions in ms; by default it grows from 1 to 10 s. */
  intervalMs?: number;
  signal?: AbortSignal | undefined;
};

const FIRST_INTERVAL_MS = 1000;
const LONGEST_INTERVAL_MS = 10_000;
const GROWTH = 1.4;

const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** A server that answered before may be away this long. */
const LONGEST_OUTAGE_MS = 60_000;

type Polling<State> = WaitOptions & {
  readonly id: string;
  /** For the error text: what is waited for. */
  readonly what: string;
  readonly timeoutMs: number;
  readonly read: Read<State>;
  /** Throws when the state is a failure. */
  readonly isOver: (state: State) => boolean;
};

const timeOut = ({
  what,
  id,
  timeoutMs,
}: Pick<Polling<unknown>, 'what' | 'id' | 'timeoutMs'>): WaitTimeoutError => {
  const msg = `${what} ${id} is not done after ${timeoutMs / 1000} s.`;
  return new WaitTimeoutError({ msg, remedy: 'It goes on at the server: wait again with the same id.' }, id);
};

/** `until` aborts when the caller or the time to wait does. */
export type Read<State> = (until: AbortSignal | undefined) => Promise<Reply<State>>;

type Pace = { readonly retryAfterMs?: number | undefined };

/** Reads, and gives only the pace while a server that has answered before is away. */
const patientRead = <State>(read: Read<State>): ((until?: AbortSignal) => Promise<Reply<State> | Pace>) => {
  let lastReply: number | undefined;
  return async (until) => {
    try {
      const reply = await read(until);
      lastReply = performance.now();
      return reply;
    } catch (error) {
      if (
        lastReply !== undefined &&
        isTemporary(error) &&
        performance.now() - lastReply < LONGEST_OUTAGE_MS
      ) {
        return { retryAfterMs: (error as Pace).retryAfterMs };
      }
      throw error;
    }
  };
};

/** Aborts when the time to wait is over; a wait of 0 asks once, however long that takes. */
const timeOverAfter = (timeoutMs: number): AbortSignal | undefined =>
  timeoutMs === 0 || timeoutMs > LONGEST_TIMER_MS ? undefined : AbortSignal.timeout(Math.ceil(timeoutMs));

const either = (a: AbortSignal | undefined, b: AbortSignal | undefined): AbortSignal | undefined =>
  a && b ? AbortSignal.any([a, b]) : (a ?? b);

/**
 * Asks until the state is over. The server may set the pace with `Retry-After`. Once it has answered, it may be away for
 * a minute, as when it restarts. Throws {@link WaitTimeoutError}, what `read` and `isOver` throw, and the signal's
 * reason.
 */
export const poll = async <State>(polling: Polling<State>): Promise<State> => {
  const { isOver, intervalMs, timeoutMs, signal } = polling;
  const read = patientRead(polling.read);
  // Held here until the end: nothing else keeps a timer's signal from being collected before it goes off.
  const timeOver = timeOverAfter(timeoutMs);
  const until = either(signal, timeOver);
  const end = performance.now() + timeoutMs;
  for (let grown = FIRST_INTERVAL_MS; ; grown = Math.min(LONGEST_INTERVAL_MS, grown * GROWTH)) {
    const reply = await read(until).catch((error: unknown) => {
      throw timeOver?.aborted && !signal?.aborted ? timeOut(polling) : error;
    });
    if ('data' in reply && isOver(reply.data)) return reply.data;
    const wait = Math.max(reply.retryAfterMs ?? 0, intervalMs ?? grown);
    if (performance.now() + wait > end) {
      await pause(Math.max(0, end - performance.now()), signal);
      throw timeOut(polling);
    }
    await pause(wait, signal);
  }
};
