import type { Transport } from '../transport/transport.js';
import type { CreateTaskInput, Task } from '../wire.js';
import { download } from './download.js';
import type { Files } from './files.js';
import type { CreateOptions, LipSyncTasks } from './lip-sync.js';
import type { UploadSource } from './upload-source.js';

/** A file to upload, or one that was uploaded before. */
export type Material = UploadSource | { readonly file_id: string };

export type RunRequest = Omit<CreateTaskInput, 'video_file_id' | 'audio_file_id' | 'audio_type'> & {
  /** The driving video. */
  video: Material;
  /** The speech; without it `tts_config` says what to speak. */
  audio?: Material;
};

export type RunStage = 'upload' | 'generate' | 'download';

export type RunOptions = CreateOptions & {
  /** `fraction` of the stage, 0 to 1. */
  onProgress?: ((stage: RunStage, fraction: number) => void) | undefined;
  /** Called with the task id as soon as there is one, to find the task again whatever happens. */
  onCreate?: ((id: string) => void) | undefined;
  /** Longest time to wait for the result in ms, default an hour. */
  timeoutMs?: number | undefined;
  /** Stop the task at the server when the signal aborts, where the server can. Default true. */
  cancelOnAbort?: boolean | undefined;
};

export type RunResult = {
  readonly task: Task;
  /** The mp4, its body not read yet: `await video.blob()`, or pipe `video.body`. */
  readonly video: Response;
};

export type Run = (request: RunRequest, options?: RunOptions) => Promise<RunResult>;

const isUploaded = (material: Material): material is { readonly file_id: string } =>
  typeof material === 'object' && 'file_id' in material;

/** When one fails, the others are aborted, and have ended when the failure is told. */
const allOrNone = async <Result>(
  signal: AbortSignal | undefined,
  works: readonly ((signal: AbortSignal) => Promise<Result>)[],
): Promise<Result[]> => {
  const failed = new AbortController();
  const shared = signal ? AbortSignal.any([signal, failed.signal]) : failed.signal;
  const running = works.map(async (work) => work(shared));
  try {
    return await Promise.all(running);
  } catch (error) {
    failed.abort(error);
    await Promise.allSettled(running);
    throw error;
  }
};

/** Upload, create, wait and download in one. */
export const runWith =
  (transport: Transport, files: Files, tasks: LipSyncTasks): Run =>
  async ({ video, audio, ...settings }, options = {}) => {
    const { onProgress, onCreate, idempotencyKey, timeoutMs, cancelOnAbort = true, signal } = options;
    const materials = [video, ...(audio === undefined ? [] : [audio])];
    const fractions = materials.map(() => 0);
    const uploaded =
      (material: Material, index: number) =>
      async (until: AbortSignal): Promise<string> => {
        if (isUploaded(material)) return material.file_id;
        const service = index === 0 ? 'lip_sync_video' : 'lip_sync_audio';
        const showSent = (sent: number, total: number | undefined): void => {
          if (until.aborted) return;
          fractions[index] = total ? sent / total : 0;
          onProgress?.('upload', fractions.reduce((sum, one) => sum + one, 0) / fractions.length);
        };
        return files.upload(material, { service, onProgress: onProgress && showSent, signal: until });
      };
    const [videoId, audioId] = await allOrNone(signal, materials.map(uploaded));
    const speech = audioId === undefined ? {} : { audio_type: 'audio' as const, audio_file_id: audioId };
    const request = { ...settings, video_file_id: videoId!, ...speech };
    const id = await tasks.create(request, { idempotencyKey, signal });
    onCreate?.(id);
    const showTask = (task: Task): void => onProgress?.('generate', task.progress / 100);
    const wait = {
      onProgress: showTask,
      cancelOnAbort,
      signal,
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    };
    const task = await tasks.waitFor(id, wait);
    const onBytes =
      onProgress && ((got: number, total?: number) => onProgress('download', total ? got / total : 0));
    return { task, video: await download(transport, task.video_url, { onProgress: onBytes, signal }) };
  };
