import type { Callbacks } from './resources/callbacks.js';
import { callbacks } from './resources/callbacks.js';
import type { DownloadOptions } from './resources/download.js';
import { download } from './resources/download.js';
import type { Files } from './resources/files.js';
import { files } from './resources/files.js';
import type { LipSyncTasks } from './resources/lip-sync.js';
import { lipSyncTasks } from './resources/lip-sync.js';
import { callOwnServer } from './resources/own-server.js';
import type { Run } from './resources/run.js';
import { runWith } from './resources/run.js';
import type { OnNotice } from './resources/speakable-text.js';
import type { SpeechTasks } from './resources/speech.js';
import { speechTasks } from './resources/speech.js';
import type { OpenPath } from './resources/upload-source.js';
import type { Voices } from './resources/voices.js';
import { voices } from './resources/voices.js';
import type { AccessToken } from './token/given-tokens.js';
import { givenTokens } from './token/given-tokens.js';
import { keyPairTokens } from './token/key-pair-tokens.js';
import { memoryStore } from './token/memory-store.js';
import type { KeyPair, TokenSource, TokenStore } from './token/token-source.js';
import { callWindow } from './transport/call-window.js';
import type { Transport } from './transport/transport.js';

/** The vendor's cloud. */
export const CLOUD_URL = 'https://open-api.chanjing.cc';

export type ClientOptions = {
  /** Default: the vendor's cloud. Trailing slashes do not matter. */
  baseUrl?: string | undefined;
  /** The app's keys. Give these or `accessToken`. */
  credentials?: KeyPair | undefined;
  accessToken?: AccessToken | undefined;
  /** Where the token of `credentials` is kept; default in memory, once per process. */
  tokenStore?: TokenStore | undefined;
  /** Allow `credentials` in a web page, where every visitor can read them. Default false. */
  dangerouslyAllowBrowser?: boolean | undefined;
  fetch?: typeof globalThis.fetch | undefined;
  /** Further tries of calls that may be repeated. Default 2. */
  maxRetries?: number | undefined;
  /** Time for one try of a call in ms; an upload may take longer, as long as it moves. Default 60 000. */
  timeoutMs?: number | undefined;
  /** Calls a minute before this client waits. Default: the service's limits, 10 creates, 200 speech creates, 30 file calls. */
  callsPerMinute?: { create?: number; speech?: number; file?: number } | undefined;
  /**
   * Whether the server returns the first task for a repeated `Idempotency-Key`, so that a create without a reply may be
   * repeated. Default: false for hosts of chanjing.cc and relative URLs, true for others. Set it to false for a proxy before the cloud.
   */
  idempotency?: boolean | undefined;
  /** Told what was changed on the way, for example emoji dropped from a text. */
  onNotice?: OnNotice | undefined;
  /** Opens paths given as upload sources; `@chanjing-avatar/client/node` brings it. */
  openPath?: OpenPath | undefined;
};

export type Client = {
  readonly baseUrl: string;
  readonly files: Files;
  readonly lipSync: LipSyncTasks & {
    /** Uploads, creates, waits and downloads. */
    readonly run: Run;
  };
  readonly voices: Voices;
  readonly speech: SpeechTasks;
  readonly callbacks: Callbacks;
  /** Gets a result by its URL; its body is still to be read. */
  download(url: string, options?: DownloadOptions): Promise<Response>;
  /** A usable access token; another one than `refused`, when a server no longer takes that. */
  token(options?: { refused?: string | undefined }): Promise<string>;
  /** Ends the session whose token this client has, see `signIn`. Throws UnsupportedCallError on the vendor's cloud. */
  signOut(): Promise<void>;
};

const isWebPage = (): boolean => 'document' in globalThis && 'window' in globalThis;

/** A relative base URL is a page's own proxy: what stands behind it is not known. */
const knowsIdempotencyKeys = (baseUrl: string): boolean =>
  URL.canParse(baseUrl) && !/(^|\.)chanjing\.cc$/.test(new URL(baseUrl).hostname);

const tokensOf = (options: ClientOptions, transport: Omit<Transport, 'tokens' | 'windows'>): TokenSource => {
  const { credentials, accessToken, tokenStore, dangerouslyAllowBrowser } = options;
  if (accessToken !== undefined) return givenTokens(accessToken);
  if (!credentials)
    throw new TypeError('createClient needs credentials ({ appId, secretKey }) or accessToken.');
  if (isWebPage() && !dangerouslyAllowBrowser) {
    throw new TypeError(
      'Keys do not belong in a web page, where every visitor can read them. Get tokens from your own server: ' +
        'createClient({ accessToken: async () => … }).',
    );
  }
  return keyPairTokens(
    transport,
    credentials,
    tokenStore ?? memoryStore(transport.baseUrl, credentials.appId),
  );
};

/** A client of one server. Throws TypeError when neither credentials nor accessToken is given. */
export const createClient = (options: ClientOptions): Client => {
  const { callsPerMinute, maxRetries = 2, timeoutMs = 60_000, onNotice = () => {} } = options;
  const baseUrl = (options.baseUrl ?? CLOUD_URL).replace(/\/+$/, '');
  // Taken at each call, so that it works unbound and can be replaced in tests.
  const fetch: typeof globalThis.fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
  const wire = { baseUrl, fetch, timeoutMs, maxRetries };
  const transport: Transport = {
    ...wire,
    tokens: tokensOf(options, wire),
    windows: {
      create: callWindow(callsPerMinute?.create ?? 10),
      speech: callWindow(callsPerMinute?.speech ?? 200),
      file: callWindow(callsPerMinute?.file ?? 30),
    },
  };
  const uploads = files(transport, options.openPath);
  const tasks = lipSyncTasks(transport, {
    keyed: options.idempotency ?? knowsIdempotencyKeys(baseUrl),
    onNotice,
  });
  return {
    baseUrl,
    files: uploads,
    lipSync: { ...tasks, run: runWith(transport, uploads, tasks) },
    voices: voices(transport),
    speech: speechTasks(transport, onNotice),
    callbacks: callbacks(transport),
    download: (url, settings) => download(transport, url, settings),
    token: ({ refused } = {}) => (refused ? transport.tokens.replace(refused) : transport.tokens.get()),
    signOut: async () => {
      const call = { method: 'POST', path: '/open/v1/session_end', body: {}, repliesNothing: true } as const;
      await callOwnServer<null>(transport, 'sign people out', call);
    },
  };
};
