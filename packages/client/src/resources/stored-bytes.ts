import { send } from '../transport/send.js';
import type { Put } from './put-file.js';

/**
 * How much of a file is at the server after an upload to this URL was cut off; 0 where nobody says. Only the own server is
 * asked: it takes uploads itself, the cloud's go to a storage elsewhere.
 */
export const storedBytes = async (
  { fetch, url, timeoutMs, source, signal }: Put,
  baseUrl: string,
): Promise<number> => {
  if (new URL(url).origin !== new URL(baseUrl).origin) return 0;
  const request = { method: 'HEAD', path: new URL(url).origin };
  try {
    return await send(
      { fetch, url, init: { method: 'HEAD' }, request, timeoutMs, signal },
      async ({ headers }) => {
        const bytes = Number(headers.get('upload-offset') ?? 0);
        return Number.isInteger(bytes) && bytes > 0 && bytes < (source.size ?? 0) ? bytes : 0;
      },
    );
  } catch {
    signal?.throwIfAborted();
    return 0;
  }
};
