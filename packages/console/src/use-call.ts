import { useCallback, useEffect, useState } from 'preact/hooks';

export type CallState<Value> = {
  readonly value: Value | undefined;
  readonly error: unknown;
  /** Asks again, keeping what is shown meanwhile. */
  again(): void;
};

/** What a call answers; asked when `key` changes, given up when the reader goes on before. */
export const useCall = <Value>(
  call: (signal: AbortSignal) => Promise<Value>,
  key: string,
): CallState<Value> => {
  const [state, setState] = useState<{ key: string; value?: Value; error?: unknown }>({ key });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const stop = new AbortController();
    call(stop.signal).then(
      (value) => !stop.signal.aborted && setState({ key, value }),
      (error) => !stop.signal.aborted && setState((before) => ({ ...before, key, error })),
    );
    return () => stop.abort();
  }, [key, turn]);
  const again = useCallback(() => setTurn((before) => before + 1), []);
  return { value: state.value, error: state.error, again };
};
