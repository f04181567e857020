import { UnexpectedReplyError } from '../errors/unexpected-reply-error.js';
import { retryAfterOf } from '../transport/read-reply.js';
import { send } from '../transport/send.js';
import type { Transport } from '../transport/transport.js';
import { withRetries } from '../transport/transport.js';
import type { BytesProgress } from './put-file.js';
import { counted } from './put-file.js';

export type DownloadOptions = { onProgress?: BytesProgress | undefined; signal?: AbortSignal | undefined };

/** A URL without the query, which may carry a signature. Throws UnexpectedReplyError. */
const requestOf = (url: string): { method: string; path: string } => {
  if (!URL.canParse(url)) {
    const msg = url ? 'The URL of the result is none.' : 'There is no URL of a result.';
    throw new UnexpectedReplyError({ msg, remedy: 'Ask for the task again.' }, 200, 'result');
  }
  const { origin, pathname } = new URL(url);
  return { method: 'GET', path: origin + pathname };
};

const withProgress = (response: Response, onProgress: BytesProgress | undefined): Response => {
  if (!onProgress || !response.body) return response;
  const length = Number(response.headers.get('content-length')) || undefined;
  return new Response(response.body.pipeThrough(counted(onProgress, length)), response);
};

/**
 * Gets a result (`video_url`, `preview_url`, an audition); its body is still to be read. Sends no token: results need
 * none. Throws UnexpectedReplyError when it is not there (any more).
 */
export const download = async (
  { fetch, maxRetries }: Pick<Transport, 'fetch' | 'maxRetries'>,
  url: string,
  { onProgress, signal }: DownloadOptions = {},
): Promise<Response> => {
  const request = requestOf(url);
  const once = () =>
    send({ fetch, url, init: {}, request, timeoutMs: undefined, signal }, async (response) => {
      if (response.ok) return response;
      await response.body?.cancel();
      const msg = `The result cannot be read: HTTP ${response.status}.`;
      const remedy = 'Results are kept for a limited time; ask for the task again to get a fresh URL.';
      const retryAfterMs = retryAfterOf(response.headers);
      throw new UnexpectedReplyError({ msg, remedy, request, retryAfterMs }, response.status, 'result');
    });
  return withProgress(await withRetries(once, maxRetries, signal), onProgress);
};
