import { UploadRefusedError } from '../errors/upload-refused-error.js';
import { pause } from '../transport/pause.js';
import { isTemporary } from '../transport/retry.js';
import { type Transport, withRetries } from '../transport/transport.js';
import { type Put, putFile } from './put-file.js';
import { storedBytes } from './stored-bytes.js';

/** While the server has not noticed the cut, or writes what came before it, it refuses the rest: for so many tries at most. */
const MOST_REFUSALS = 15;
const REFUSED_PAUSE_MS = 1000;

const isTooSoon = (error: unknown): error is UploadRefusedError =>
  error instanceof UploadRefusedError &&
  (error.status === 416 || (error.status === 409 && error.retryAfterMs !== undefined));

/** Sends a file, after a cut from where it stopped. Throws what {@link putFile} throws, and what `whenCut` rejects with. */
export const putPatiently = async (
  put: Put,
  { baseUrl, maxRetries }: Pick<Transport, 'baseUrl' | 'maxRetries'>,
  whenCut: ((error: unknown) => Promise<void>) | undefined,
): Promise<void> => {
  const { source, signal } = put;
  let tries = 0;
  const once = async (): Promise<void> => {
    const opened = source.open();
    // A stream cannot be read from its middle.
    const from = tries++ > 0 && opened instanceof Blob ? await storedBytes(put, baseUrl) : 0;
    await putFile({ ...put, source: { ...source, open: () => opened }, from });
  };
  if (!whenCut) return withRetries(once, source.repeatable ? maxRetries : 0, signal, isTemporary);
  for (let refusals = 0; ; ) {
    try {
      return await once();
    } catch (error) {
      if (signal?.aborted) throw error;
      if (tries > 1 && isTooSoon(error) && refusals++ < MOST_REFUSALS)
        await pause(error.retryAfterMs ?? REFUSED_PAUSE_MS, signal);
      else if (isTemporary(error)) await whenCut(error);
      else throw error;
    }
  }
};
