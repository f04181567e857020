import { mkdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { FILE_STATUS, parseFace, TASK_STATUS } from '@chanjing-avatar/protocol';
import { sql } from 'kysely';
import type { Database } from '../database/database.js';
import { fetchTracks, shareTracks } from '../files/face-tracks.js';
import type { FileRow } from '../files/files.js';
import { giveUpAfter, interruptedTooOften, MAX_STARTS } from '../queue/giving-up.js';
import type { Job } from '../queue/job-queue.js';
import { type Duty, performJob } from '../queue/perform-job.js';
import type { ProgramJob, ProgramResults } from '../renderer/messages.js';
import { ProgramFailure } from '../renderer/program-failure.js';
import { renderLimits, speechLimits, type WorkLimits } from '../renderer/work-limits.js';
import type { Services } from '../services.js';
import { carryOutDeletions } from '../storage/pending-deletions.js';
import { hasRoom } from '../storage/room.js';
import { expectedSeconds, outputSize } from './cost.js';
import { begunWork, progressWriter, restWork } from './progress.js';
import { resultKeys } from './results.js';
import type { TaskRow } from './task-reads.js';
import type { TaskEnd } from './tasks.js';
import { endTask } from './tasks.js';

/** Videos that were checked by an earlier version: as large as any may be. */
const LARGEST = { width: 8192, height: 4320 };

type RenderJob = Extract<ProgramJob, { kind: 'render' }>;

/** Marks the task as generating; undefined when it is over or gone. */
const beginTask = (trx: Database, id: string): Promise<TaskRow | undefined> =>
  trx
    .updateTable('task')
    .set({ status: TASK_STATUS.generating, ...begunWork, starts: sql`starts + 1` })
    .where('id', '=', id)
    .where('status', '<', TASK_STATUS.success)
    .returningAll()
    .executeTakeFirst();

const readyFile = async ({ db }: Services, id: string): Promise<FileRow> => {
  const file = await db.selectFrom('file').selectAll().where('id', '=', id).executeTakeFirst();
  if (file?.status === FILE_STATUS.ready) return file;
  const message = `The file ${id} is no longer there (${file?.msg ?? 'unknown'}). Upload it again and create a new task.`;
  throw new ProgramFailure('input', 'file-gone', message);
};

type Order = { readonly video: FileRow; readonly job: RenderJob; readonly limits: WorkLimits };

/** The voice may read slower than was expected. */
const LONGER = 3;

const orderOf = async (
  services: Services,
  task: TaskRow,
  scratch: string,
  signal: AbortSignal,
): Promise<Order> => {
  const { request } = task;
  const { storage } = services;
  const video = await readyFile(services, task.video_file_id);
  const audio = task.audio_file_id ? await readyFile(services, task.audio_file_id) : undefined;
  const tts = request.tts_config;
  const size = outputSize(request);
  const seconds = audio?.duration ?? 60 + LONGER * expectedSeconds(request, audio);
  const job: RenderJob = {
    kind: 'render',
    video: await storage.localFile(video.key, scratch, signal),
    faceTracks: await fetchTracks(services, video),
    speech: audio
      ? {
          audio: await storage.localFile(audio.key, scratch, signal),
          ...(request.transcript ? { transcript: request.transcript } : {}),
        }
      : { text: tts!.text, spoken: path.join(scratch, 'spoken') },
    ...size,
    backway: request.backway,
    driveMode: request.drive_mode === 'random' ? 'random' : 'normal',
    quality: request.model === 0 ? 'fast' : 'fine',
    volume: request.volume,
    ...(request.face ? { face: parseFace(request.face) } : {}),
    ...(request.background ? { background: request.background } : {}),
    clipStart: request.clip_start,
    clipEnd: request.clip_end,
    output: path.join(scratch, 'video.mp4'),
    cover: path.join(scratch, 'cover.jpg'),
    report: path.join(scratch, 'report.json'),
    srt: path.join(scratch, 'subtitles.srt'),
  };
  return { video, job, limits: renderLimits(video.picture ?? LARGEST, { ...size, seconds }) };
};

/** Has the text read where the voice is loaded already, before the render begins. */
const readAloud = async (
  { program }: Services,
  { request }: TaskRow,
  { speech }: RenderJob,
  signal: AbortSignal,
): Promise<void> => {
  if (!('text' in speech)) return;
  const { text, spoken: output } = speech;
  const { audio_man_id: voice, speed, pitch } = request.tts_config!;
  const order = { kind: 'speak', as: 'spoken', text, voice, speed, pitch, output } as const;
  await program.run(order, { signal, limits: () => speechLimits(text.length) });
};

/**
 * Moves the results to storage under names of this start, so that a lapsed one can never replace them. None of them is
 * left there when it fails.
 */
const publish = async (
  { storage }: Services,
  task: TaskRow,
  render: RenderJob,
  result: ProgramResults['render'],
  signal: AbortSignal,
): Promise<TaskEnd> => {
  const results = resultKeys(task.id, task.starts);
  const { hasSubtitles } = result;
  const made: [string, string][] = [
    [render.output, results.videoKey],
    [render.cover, results.coverKey],
    [render.report, results.reportKey],
    ...(hasSubtitles ? [[render.srt, results.subtitlesKey] as [string, string]] : []),
  ];
  let bytes = 0;
  try {
    for (const [file, key] of made) {
      bytes += (await stat(file)).size;
      await storage.adopt(file, key, signal);
    }
  } catch (error) {
    for (const [, key] of made) await storage.delete(key).catch(() => {});
    throw error;
  }
  const durationMs = Math.round(result.seconds * 1000);
  return { status: TASK_STATUS.success, results, hasSubtitles, durationMs, bytes };
};

const render = async (services: Services, task: TaskRow, signal: AbortSignal): Promise<TaskEnd> => {
  const scratch = path.join(services.workDir, `render-${task.id}-${task.starts}`);
  await mkdir(scratch, { recursive: true });
  const progress = progressWriter(services, task);
  try {
    const { video, job, limits } = await orderOf(services, task, scratch, signal);
    await readAloud(services, task, job, signal);
    const options = { signal, onProgress: progress.report, limits: () => limits };
    const result = await services.program.run(job, options);
    await progress.settled();
    await shareTracks(services, video);
    return await publish(services, task, job, result, signal);
  } catch (failure) {
    await progress.settled();
    await restWork(services, task);
    throw failure;
  } finally {
    await progress.settled();
    await rm(scratch, { recursive: true, force: true });
  }
};

/** The end of a task after a failed render; throws when it should be tried again. */
const endAfterFailure = async (services: Services, task: TaskRow, failure: unknown): Promise<TaskEnd> => {
  const isMaterial = failure instanceof ProgramFailure && failure.fault === 'input';
  const msg = isMaterial ? failure.message : await giveUpAfter(services, 'task', task, failure);
  return {
    status: TASK_STATUS.failed,
    msg,
    reason: isMaterial ? failure.code : 'given-up',
    isOurs: !isMaterial,
  };
};

const dutyOf = (services: Services): Duty<TaskRow, TaskEnd> => ({
  begin: (trx, { data }) => beginTask(trx, data.id),
  work: async (task, _job, signal) => {
    if (task.starts <= MAX_STARTS) return render(services, task, signal);
    const msg = interruptedTooOften('task');
    return { status: TASK_STATUS.failed, msg, reason: 'given-up', isOurs: true };
  },
  endAfterFailure: (task, failure) => endAfterFailure(services, task, failure),
  settle: (trx, task, end) => endTask(services, trx, task.id, end),
  discard: async (task, end) => {
    if (end.status !== TASK_STATUS.success) return;
    const row = await services.db
      .selectFrom('task')
      .select('video_key')
      .where('id', '=', task.id)
      .executeTakeFirst();
    if (row?.video_key === end.results.videoKey) return;
    for (const key of Object.values(end.results)) await services.storage.delete(key);
  },
});

/** Does a task: render, publish, and in one transaction end the task, its job, and announce it. */
export const renderTask = async (services: Services, job: Job, signal: AbortSignal): Promise<void> => {
  // The task goes on waiting; that is no failure of its own.
  if (!(await hasRoom(services.storage))) return services.jobs.retry(job, 'the disk is full');
  await performJob(services, job, signal, dutyOf(services));
  await carryOutDeletions(services);
  services.wake('callback');
};
