/**
 * Structured concurrency: a group of two tasks, as Python's `asyncio.TaskGroup` or Go's `errgroup`. When one fails the
 * other is aborted, and both have ended before the first failure is thrown.
 */
export const taskGroup = async <A, B>(
  signal: AbortSignal | undefined,
  a: (signal: AbortSignal) => Promise<A>,
  b: (signal: AbortSignal) => Promise<B>,
): Promise<[A, B]> => {
  const stop = new AbortController();
  const either = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  const guarded = async <T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> => {
    try {
      return await work(either);
    } catch (error) {
      stop.abort(error);
      throw error;
    }
  };
  const [first, second] = await Promise.allSettled([guarded(a), guarded(b)]);
  if (first.status === 'fulfilled' && second.status === 'fulfilled') return [first.value, second.value];
  throw stop.signal.reason;
};
