/** Where calls take their `access_token` from. */
export type TokenSource = {
  get(signal?: AbortSignal): Promise<string>;
  /** Another token in place of one that the server refused. */
  replace(refused: string, signal?: AbortSignal): Promise<string>;
};

/** An app's keys. Keep them on servers and in the credentials file. */
export type KeyPair = { readonly appId: string; readonly secretKey: string };

/** Wire form of a token; `expire_in` is a Unix time in seconds. */
export type StoredToken = { readonly access_token: string; readonly expire_in: number };

/**
 * Keeps the token of one key pair. A new token ends the old one, so everybody who uses the pair must share one store.
 */
export type TokenStore = {
  read(): Promise<StoredToken | undefined>;
  write(token: StoredToken): Promise<void>;
  /** Runs `work` while nobody else who shares the store runs theirs. */
  exclusively<Result>(work: () => Promise<Result>, signal?: AbortSignal): Promise<Result>;
};

/** Tokens are renewed this many seconds before they end. */
const TOKEN_MARGIN_SECONDS = 300;

export const isUsable = (token: StoredToken | undefined): token is StoredToken =>
  token !== undefined && token.expire_in > Date.now() / 1000 + TOKEN_MARGIN_SECONDS;
