type Waiting<Value> = {
  promise: Promise<Value | undefined>;
  resolve(value: Value | undefined): void;
  reject(error: unknown): void;
};

const newWaiting = <Value>(): Waiting<Value> => {
  let resolve!: Waiting<Value>['resolve'];
  let reject!: Waiting<Value>['reject'];
  const promise = new Promise<Value | undefined>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
};

/**
 * Asks for many keys in one query: those that are wanted while a query is under way go into the next one. Every query
 * begins after its keys were wanted, so nobody gets an older answer than by asking alone. Hundreds of polling clients
 * then cost the database about one query at a time.
 */
export const batched = <Key, Value>(
  load: (keys: Key[]) => Promise<Map<Key, Value>>,
): ((key: Key) => Promise<Value | undefined>) => {
  let waiting = new Map<Key, Waiting<Value>>();
  let busy = false;

  const ask = async (): Promise<void> => {
    const asked = waiting;
    waiting = new Map();
    try {
      const found = await load([...asked.keys()]);
      for (const [key, { resolve }] of asked) resolve(found.get(key));
    } catch (error) {
      for (const { reject } of asked.values()) reject(error);
    }
  };

  const askWhileWanted = async (): Promise<void> => {
    while (waiting.size > 0) await ask();
    busy = false;
  };

  return (key) => {
    const entry = waiting.get(key) ?? newWaiting<Value>();
    waiting.set(key, entry);
    if (!busy) {
      busy = true;
      setImmediate(() => void askWhileWanted());
    }
    return entry.promise;
  };
};
