import { type Client, ConnectionError } from '@chanjing-avatar/client';

export type UploadWatch = {
  /** 0 to 1; undefined while the server looks at the file. */
  progress(fraction: number | undefined): void;
  /** True while there is no network. */
  paused(isPaused: boolean): void;
};

const backOnline = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const end = (): void => {
      removeEventListener('online', end);
      signal.removeEventListener('abort', end);
      if (signal.aborted) reject(signal.reason);
      else resolve();
    };
    addEventListener('online', end);
    signal.addEventListener('abort', end);
    if (navigator.onLine || signal.aborted) end();
  });

/**
 * Uploads a file and waits until the server has looked at it. Without a network it waits for one and sends the file again:
 * the API takes a file whole. Throws what the SDK throws, or the signal's reason.
 */
export const uploadPatiently = async (
  client: Client,
  file: File,
  service: 'lip_sync_video' | 'lip_sync_audio',
  watch: UploadWatch,
  signal: AbortSignal,
): Promise<string> => {
  for (;;) {
    const lost = new AbortController();
    const lose = (): void => lost.abort();
    addEventListener('offline', lose);
    try {
      watch.progress(0);
      return await client.files.upload(file, {
        service,
        signal: AbortSignal.any([signal, lost.signal]),
        onProgress: (sent, total) => watch.progress(sent === total ? undefined : sent / (total ?? file.size)),
      });
    } catch (error) {
      const isOffline = lost.signal.aborted || (error instanceof ConnectionError && !navigator.onLine);
      if (signal.aborted || !isOffline) throw error;
      watch.paused(true);
      await backOnline(signal);
      watch.paused(false);
    } finally {
      removeEventListener('offline', lose);
    }
  }
};
