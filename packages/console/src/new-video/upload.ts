import { type Client, ConnectionError } from '@chanjing-avatar/client';

export type UploadWatch = {
  /** 0 to 1; undefined while the server looks at the file. */
  progress(fraction: number | undefined): void;
  /** True while there is no connection. */
  paused(isPaused: boolean): void;
};

/** A server that does not answer is asked again after so long, so often. */
const PAUSE_MS = 3000;
const MOST_TRIES = 10;

/** Waits for the network, or a little where the browser sees one. Throws the signal's reason. */
const backOnline = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer);
      removeEventListener('online', end);
      signal.removeEventListener('abort', end);
      if (signal.aborted) reject(signal.reason);
      else resolve();
    };
    const timer = navigator.onLine ? setTimeout(end, PAUSE_MS) : undefined;
    addEventListener('online', end);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
  });

/**
 * Uploads a file and waits until the server has looked at it. A connection that is cut is waited for, and the upload goes on
 * where it stopped, as far as the server can. Throws what the SDK throws, or the signal's reason.
 */
export const uploadPatiently = async (
  client: Client,
  file: File,
  service: 'lip_sync_video' | 'lip_sync_audio',
  watch: UploadWatch,
  signal: AbortSignal,
): Promise<string> => {
  let tries = 0;
  const whenCut = async (error: unknown): Promise<void> => {
    if (signal.aborted || (navigator.onLine && ++tries > MOST_TRIES)) throw error;
    watch.paused(true);
    await backOnline(signal);
    watch.paused(false);
  };
  for (;;) {
    try {
      watch.progress(0);
      return await client.files.upload(file, {
        service,
        signal,
        whenCut,
        onProgress: (sent, total) => watch.progress(sent === total ? undefined : sent / (total ?? file.size)),
      });
    } catch (error) {
      // The calls before and after the upload itself.
      if (navigator.onLine || !(error instanceof ConnectionError)) throw error;
      await whenCut(error);
    }
  }
};
