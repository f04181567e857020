import { ConnectionError } from '../errors/connection-error.js';
import { TimeoutError } from '../errors/timeout-error.js';
import { UploadRefusedError } from '../errors/upload-refused-error.js';
import { retryAfterOf } from '../transport/read-reply.js';
import { send } from '../transport/send.js';
import type { OpenSource } from './upload-source.js';

/** Bytes sent so far; `total` is undefined for streams of unknown length. */
export type BytesProgress = (sent: number, total: number | undefined) => void;

export type Put = {
  readonly fetch: typeof globalThis.fetch;
  readonly url: string;
  readonly mimeType: string;
  readonly source: OpenSource;
  /** Longest time without progress. */
  readonly timeoutMs: number;
  readonly onProgress: BytesProgress | undefined;
  readonly signal: AbortSignal | undefined;
  /** Bytes that are there already: only the rest is sent. */
  readonly from: number;
};

type Answer = { status: number; text: string; retryAfterMs?: number | undefined };

/** The XMLHttpRequest of browsers: the only one there that tells how far an upload is. */
type BrowserRequest = {
  status: number;
  responseText: string;
  upload: { onprogress: ((event: { loaded: number }) => void) | null };
  onload: (() => void) | null;
  onerror: (() => void) | null;
  open(method: string, url: string): void;
  setRequestHeader(name: string, value: string): void;
  send(body: Blob): void;
  abort(): void;
};

const browserRequest = (): (new () => BrowserRequest) | undefined =>
  (globalThis as { XMLHttpRequest?: new () => BrowserRequest }).XMLHttpRequest;

// The path and query of the URL are left out: the query carries the signature.
const requestOf = (url: string): { method: string; path: string } => ({
  method: 'PUT',
  path: new URL(url).origin,
});

type PageEvents = {
  addEventListener?(type: 'offline', listener: () => void): void;
  removeEventListener?(type: 'offline', listener: () => void): void;
};

const pageEvents = globalThis as PageEvents;

/** Says which part of the file is sent, unless it is all of it. */
const rangeOf = ({ from, source: { size } }: Put): Record<string, string> =>
  from > 0 && size !== undefined ? { 'content-range': `bytes ${from}-${size - 1}/${size}` } : {};

const putFromBrowser = (put: Put, body: Blob, Request: new () => BrowserRequest): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const { url, mimeType, onProgress, signal, from } = put;
    signal?.throwIfAborted();
    const xhr = new Request();
    const stop = (): void => {
      xhr.abort();
      reject(signal?.reason);
    };
    signal?.addEventListener('abort', stop, { once: true });
    const lose = (): void => {
      xhr.abort();
      fail();
    };
    const fail = (): void => {
      signal?.removeEventListener('abort', stop);
      pageEvents.removeEventListener?.('offline', lose);
      const msg = `The upload to ${new URL(url).origin} failed: no connection`;
      const remedy = 'Check the connection, and that the storage allows uploads from this page (CORS).';
      reject(new ConnectionError({ msg, remedy, request: requestOf(url) }, true));
    };
    xhr.open('PUT', url);
    for (const [name, value] of Object.entries({ 'content-type': mimeType, ...rangeOf(put) }))
      xhr.setRequestHeader(name, value);
    xhr.upload.onprogress = ({ loaded }) => onProgress?.(from + loaded, from + body.size);
    xhr.onerror = fail;
    // A connection that is gone may take minutes to fail.
    pageEvents.addEventListener?.('offline', lose);
    xhr.onload = () => {
      signal?.removeEventListener('abort', stop);
      pageEvents.removeEventListener?.('offline', lose);
      resolve({ status: xhr.status, text: xhr.responseText });
    };
    xhr.send(body);
  });

/** Passes bytes on and counts them. */
export const counted = (
  onProgress: BytesProgress,
  total: number | undefined,
): TransformStream<Uint8Array, Uint8Array> => {
  let sent = 0;
  return new TransformStream({
    transform(chunk, controller) {
      sent += chunk.byteLength;
      onProgress(sent, total);
      controller.enqueue(chunk);
    },
  });
};

const putByFetch = (put: Put): Promise<Answer> => {
  const { fetch, url, mimeType, source, onProgress, signal, from } = put;
  const opened = source.open();
  const stream = opened instanceof Blob ? opened.slice(from).stream() : opened;
  const report: BytesProgress = (sent, total) => onProgress?.(from + sent, total);
  const body = onProgress ? stream.pipeThrough(counted(report, source.size)) : stream;
  const init = {
    method: 'PUT',
    // Without a length the body would be sent in chunks, which object storages refuse.
    headers: {
      'content-type': mimeType,
      ...rangeOf(put),
      ...(source.size === undefined ? {} : { 'content-length': String(source.size - from) }),
    },
    body,
    duplex: 'half',
    // Otherwise fetch keeps a copy of the whole body, in case of a redirect (step 8.1 of the standard's
    // HTTP-network-or-cache fetch).
    redirect: 'error',
    window: null,
  } as RequestInit;
  return send(
    { fetch, url, init, request: requestOf(url), timeoutMs: undefined, signal },
    async (response) => ({
      status: response.status,
      text: await response.text(),
      retryAfterMs: retryAfterOf(response.headers),
    }),
  );
};

const putOnce = async (put: Put): Promise<Answer> => {
  const Request = browserRequest();
  if (!Request) return putByFetch(put);
  const opened = put.source.open();
  // Browsers cannot stream over HTTP/1.1, but they keep large Blobs on disk.
  const blob = opened instanceof Blob ? opened : await new Response(opened).blob();
  return putFromBrowser(put, blob.slice(put.from), Request);
};

/** The reason in a refusal: `msg` of an envelope, or `Message` of an object storage's XML. */
const reasonIn = (text: string): string =>
  /"msg"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(text)?.[1] ?? /<Message>([^<]*)<\/Message>/.exec(text)?.[1] ?? '';

type StallWatch = { readonly signal: AbortSignal; moved(): void; end(): void };

/** A large file may take its time, as long as it moves. */
const stallWatch = ({ url, timeoutMs }: Put): StallWatch => {
  const controller = new AbortController();
  const stalled = (): void => {
    const msg = `The upload to ${new URL(url).origin} did not move for ${timeoutMs / 1000} s`;
    const remedy = 'Check the connection, then upload again.';
    controller.abort(new TimeoutError({ msg, remedy, request: requestOf(url) }));
  };
  let timer = setTimeout(stalled, timeoutMs);
  return {
    signal: controller.signal,
    moved: () => {
      clearTimeout(timer);
      timer = setTimeout(stalled, timeoutMs);
    },
    end: () => clearTimeout(timer),
  };
};

const putUnlessStalled = async (put: Put): Promise<Answer> => {
  const stall = stallWatch(put);
  const onProgress: BytesProgress = (sent, total) => {
    stall.moved();
    put.onProgress?.(sent, total);
  };
  const signal = put.signal ? AbortSignal.any([put.signal, stall.signal]) : stall.signal;
  try {
    return await putOnce({ ...put, onProgress, signal });
  } finally {
    stall.end();
  }
};

/**
 * Sends the bytes of a file, once. Throws {@link UploadRefusedError}, {@link TimeoutError} when nothing moves any more, and
 * what `send` throws.
 */
export const putFile = async (put: Put): Promise<void> => {
  const { status, text, retryAfterMs } = await putUnlessStalled(put);
  // Other kinds of success, like 202, promise only that somebody may store it.
  if (status === 200 || status === 204) return;
  const reason = reasonIn(text).replace(/[.。]$/, '');
  const msg = `The upload was refused with HTTP ${status}${reason && `: ${reason}`}.`;
  const remedy = 'Upload again with a new upload URL (one is valid for 15 minutes).';
  throw new UploadRefusedError({ msg, remedy, request: requestOf(put.url), retryAfterMs }, status, reason);
};
