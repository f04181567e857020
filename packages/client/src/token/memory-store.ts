import type { StoredToken, TokenStore } from './token-source.js';

/** Runs pieces of work one after the other. */
export const inTurn = (): (<Result>(work: () => Promise<Result>) => Promise<Result>) => {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const turn = last.then(work, work);
    last = turn.catch(() => {});
    return turn;
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
