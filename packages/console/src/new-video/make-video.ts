import type { Client } from '@chanjing-avatar/client';
import { type Draft, facesIn, requestOf, type Source, type UploadedSource, uploadedSource } from './draft.js';
import { uploadPatiently } from './upload.js';

/** What is being done, and how far it is: 0 to 1, undefined where nobody knows. */
export type Making = {
  readonly stage: 'clip' | 'audio' | 'create';
  readonly fraction: number | undefined;
  readonly isPaused: boolean;
};

export type MakingWatch = {
  show(making: Making): void;
  /** A file is at the server now, so that another try need not send it again. */
  uploaded(part: 'clip' | 'audio', source: Source): void;
  readonly signal: AbortSignal;
};

/**
 * Uploads what the server does not have yet and creates the task; returns its id, undefined when the clip turns out to show
 * several faces of which one has to be chosen first. The same key makes no second task, however often it is tried.
 */
export const makeVideo = async (
  client: Client,
  draft: Draft,
  idempotencyKey: string,
  watch: MakingWatch,
): Promise<string | undefined> => {
  const { signal } = watch;
  const send = async (stage: 'clip' | 'audio', source: Source): Promise<UploadedSource> => {
    if (source.kind === 'uploaded') return source;
    let fraction: number | undefined = 0;
    let isPaused = false;
    const show = (): void => watch.show({ stage, fraction, isPaused });
    const service = stage === 'clip' ? 'lip_sync_video' : 'lip_sync_audio';
    const id = await uploadPatiently(
      client,
      source.file,
      service,
      {
        progress: (value) => {
          fraction = value;
          show();
        },
        paused: (value) => {
          isPaused = value;
          show();
        },
      },
      signal,
    );
    const uploaded = uploadedSource(await client.files.retrieve(id, { signal }));
    watch.uploaded(stage, uploaded);
    return uploaded;
  };
  const clip = await send('clip', draft.clip!);
  // Only now is it known that somebody has to choose.
  if (draft.clip!.kind === 'file' && draft.face === '' && facesIn(clip).length > 0) return undefined;
  const audioId = draft.speech === 'audio' ? (await send('audio', draft.audio!)).id : '';
  watch.show({ stage: 'create', fraction: undefined, isPaused: false });
  return client.lipSync.create(requestOf(draft, clip.id, audioId), { idempotencyKey, signal });
};
