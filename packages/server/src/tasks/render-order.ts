import path from 'node:path';
import { FILE_STATUS, parseFace } from '@chanjing-avatar/protocol';
import { fetchTracks } from '../files/face-tracks.js';
import type { FileRow } from '../files/files.js';
import type { ProgramJob } from '../renderer/messages.js';
import { ProgramFailure } from '../renderer/program-failure.js';
import { renderLimits, speechLimits, type WorkLimits } from '../renderer/work-limits.js';
import type { Services } from '../services.js';
import { expectedSeconds, outputSize } from './cost.js';
import type { TaskRow } from './task-reads.js';

/** Videos that were checked by an earlier version: as large as any may be. */
const LARGEST = { width: 8192, height: 4320 };

const readyFile = async ({ db }: Services, id: string): Promise<FileRow> => {
  const file = await db.selectFrom('file').selectAll().where('id', '=', id).executeTakeFirst();
  if (file?.status === FILE_STATUS.ready) return file;
  const message = `The file ${id} is no longer there (${file?.msg ?? 'unknown'}). Upload it again and create a new task.`;
  throw new ProgramFailure('input', 'file-gone', message);
};

type Material = { readonly video: FileRow; readonly audio: FileRow | undefined };

/** The files of a task. Throws {@link ProgramFailure} for what is gone. */
export const materialOf = async (services: Services, task: TaskRow): Promise<Material> => ({
  video: await readyFile(services, task.video_file_id),
  audio: task.audio_file_id ? await readyFile(services, task.audio_file_id) : undefined,
});

/** The voice may read slower than was expected. */
const LONGER = 3;

/** What a render of a task may use. @param seconds of the video; default: as many as are to be expected */
export const limitsOf = ({ request }: TaskRow, { video, audio }: Material, seconds?: number): WorkLimits => {
  const longest = audio?.duration ?? 60 + LONGER * expectedSeconds(request, audio);
  return renderLimits(video.picture ?? LARGEST, { ...outputSize(request), seconds: seconds ?? longest });
};

type PlanOrder = Omit<Extract<ProgramJob, { kind: 'plan' }>, 'kind' | 'directory'>;

/** What a video is made of and how, with the files brought to this machine. */
export const orderOf = async (
  services: Services,
  { request }: TaskRow,
  { video, audio }: Material,
  scratch: string,
  signal: AbortSignal,
): Promise<PlanOrder> => {
  const { storage } = services;
  const tts = request.tts_config;
  return {
    video: await storage.localFile(video.key, scratch, signal),
    faceTracks: await fetchTracks(services, video),
    speech: audio
      ? {
          audio: await storage.localFile(audio.key, scratch, signal),
          ...(request.transcript ? { transcript: request.transcript } : {}),
        }
      : { text: tts!.text, spoken: path.join(scratch, 'spoken') },
    ...outputSize(request),
    backway: request.backway,
    driveMode: request.drive_mode === 'random' ? 'random' : 'normal',
    quality: request.model === 0 ? 'fast' : 'fine',
    volume: request.volume,
    ...(request.face ? { face: parseFace(request.face) } : {}),
    ...(request.background ? { background: request.background } : {}),
    clipStart: request.clip_start,
    clipEnd: request.clip_end,
  };
};

/** Has the text read where the voice is loaded already, before the render begins. */
export const readAloud = async (
  { program }: Services,
  { request }: TaskRow,
  { speech }: PlanOrder,
  signal: AbortSignal,
): Promise<void> => {
  if (!('text' in speech)) return;
  const { text, spoken: output } = speech;
  const { audio_man_id: voice, speed, pitch } = request.tts_config!;
  const order = { kind: 'speak', as: 'spoken', text, voice, speed, pitch, output } as const;
  await program.run(order, { signal, limits: () => speechLimits(text.length) });
};
