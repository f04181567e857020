import { unlessAborted } from '../transport/pause.js';
import type { StoredToken, TokenStore } from './token-source.js';

type InTurn = <Result>(work: () => Promise<Result>, signal?: AbortSignal) => Promise<Result>;

/** Runs pieces of work one after the other. Whoever aborts need not wait for the others. */
export const inTurn = (): InTurn => {
  let last: Promise<unknown> = Promise.resolve();
  return (work, signal) => {
    const turn = last.then(work, work);
    last = turn.catch(() => {});
    return unlessAborted(turn, signal);
  };
};

const stores = new Map<string, TokenStore>();

/** The one store of this process for a key pair at a server: clients that share the pair share its token. */
export const memoryStore = (baseUrl: string, appId: string): TokenStore => {
  const key = `${baseUrl}\n${appId}`;
  const known = stores.get(key);
  if (known) return known;
  let token: StoredToken | undefined;
  const store: TokenStore = {
    read: async () => token,
    write: async (fresh) => {
      token = fresh;
    },
    exclusively: inTurn(),
  };
  stores.set(key, store);
  return store;
};
