import { mkdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { CreateSpeechRequest, SpeechTask, SpeechTaskId } from '@chanjing-avatar/protocol';
import { SPEECH_STATUS } from '@chanjing-avatar/protocol';
import { type Selectable, sql } from 'kysely';
import { requireStorage } from '../apps/quotas.js';
import type { SpeechTable } from '../database/schema.js';
import { parameterError } from '../errors/contract-error.js';
import { isId, newId } from '../identifiers.js';
import { giveUpAfter, interruptedTooOften, MAX_STARTS } from '../queue/giving-up.js';
import type { Job } from '../queue/job-queue.js';
import { type Duty, performJob } from '../queue/perform-job.js';
import { ProgramFailure } from '../renderer/program-failure.js';
import { speechLimits } from '../renderer/work-limits.js';
import type { Services } from '../services.js';
import { carryOutDeletions, noteDeletions } from '../storage/pending-deletions.js';
import { hasRoom } from '../storage/room.js';
import { requireSpeakable } from './speakable.js';

/** A speech of so many characters counts as much as another one, for apps to take fair turns. */
const CHARACTERS_PER_TURN = 100;

type SpeechRow = Selectable<SpeechTable>;

/** Makes a speech task and its job, together or not at all. */
export const createSpeech = async (
  services: Services,
  appId: string,
  request: CreateSpeechRequest,
): Promise<SpeechTaskId> => {
  requireSpeakable('text.text', request.text.text);
  await services.voices.require('audio_man', request.audio_man);
  const id = newId();
  await services.db.transaction().execute(async (trx) => {
    await requireStorage(trx, appId, 1);
    await trx
      .insertInto('speech')
      .values({
        id,
        app_id: appId,
        request: JSON.stringify(request),
        status: SPEECH_STATUS.generating,
        key: null,
        subtitles: '[]',
        ended_at: null,
      })
      .execute();
    const cost = 1 + Math.round(request.text.text.length / CHARACTERS_PER_TURN);
    await services.jobs.enqueue(trx, 'speak', { id, appId, data: { id }, cost });
  });
  services.wake('speak');
  return { task_id: id };
};

/** A speech task as replies show it. */
export const speechState = async (
  services: Services,
  appId: string,
  id: string,
  baseUrl: string,
): Promise<SpeechTask> => {
  const row = isId(id)
    ? await services.db
        .selectFrom('speech')
        .selectAll()
        .where('id', '=', id)
        .where('app_id', '=', appId)
        .executeTakeFirst()
    : undefined;
  if (!row) {
    throw parameterError('task_id', id, 'the id of one of your speech tasks: no such task was found');
  }
  const url = row.key ? services.signer.readUrl(baseUrl, row.key) : '';
  return {
    id: row.id,
    type: 'tts',
    status: row.status as SpeechTask['status'],
    text: [row.request.text.text],
    full: row.key ? { url, path: row.key, duration: row.duration } : null,
    slice: null,
    errMsg: row.error_message,
    errReason: row.error_reason,
    subtitles: row.subtitles,
  };
};

type Ending = Partial<Pick<SpeechRow, 'key' | 'duration' | 'bytes' | 'error_message' | 'error_reason'>> & {
  subtitles?: string;
};

/** Storage key of what one start makes; no other start can replace it. */
const keyOf = (id: string, start: number): string => `speech/${start}/${id}.wav`;

/** Keys of everything that the starts of a speech may have published so far. */
const keysOf = ({ id, starts }: SpeechRow): string[] =>
  Array.from({ length: starts }, (_, index) => keyOf(id, index + 1));

const speak = async (services: Services, row: SpeechRow, signal: AbortSignal): Promise<Ending> => {
  const scratch = path.join(services.workDir, `speak-${row.id}-${row.starts}`);
  await mkdir(scratch, { recursive: true });
  try {
    const { audio_man: voice, speed, pitch, text } = row.request;
    const output = path.join(scratch, 'speech.wav');
    const order = { kind: 'speak', text: text.text, voice, speed, pitch, output } as const;
    const { seconds, subtitles } = await services.program.run(order, {
      signal,
      limits: () => speechLimits(text.text.length),
    });
    const { size: bytes } = await stat(output);
    const key = keyOf(row.id, row.starts);
    await services.storage.adopt(output, key, signal);
    return { key, duration: seconds, bytes, subtitles: JSON.stringify(subtitles) };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
};

/** Throws when the speech should be tried again. */
const endAfterFailure = async (services: Services, row: SpeechRow, failure: unknown): Promise<Ending> => {
  if (failure instanceof ProgramFailure && failure.fault === 'input') {
    return { error_message: failure.message, error_reason: failure.code };
  }
  return { error_message: await giveUpAfter(services, 'speech', row, failure), error_reason: 'internal' };
};

const dutyOf = (services: Services): Duty<SpeechRow, Ending> => ({
  begin: (trx, { data }) =>
    trx
      .updateTable('speech')
      .set({ starts: sql`starts + 1` })
      .where('id', '=', data.id)
      .where('status', '=', SPEECH_STATUS.generating)
      .returningAll()
      .executeTakeFirst(),
  work: async (row, _job, signal) => {
    if (row.starts <= MAX_STARTS) return speak(services, row, signal);
    return { error_message: interruptedTooOften('speech'), error_reason: 'internal' };
  },
  endAfterFailure: (row, failure) => endAfterFailure(services, row, failure),
  settle: async (trx, row, ending) => {
    const { numUpdatedRows } = await trx
      .updateTable('speech')
      .set({ ...ending, status: SPEECH_STATUS.done, ended_at: sql<Date>`now()` })
      .where('id', '=', row.id)
      .where('status', '=', SPEECH_STATUS.generating)
      .executeTakeFirst();
    if (numUpdatedRows !== 1n) return false;
    await noteDeletions(
      trx,
      keysOf(row).filter((key) => key !== ending.key),
    );
    return true;
  },
  discard: async ({ id }, { key }) => {
    if (!key) return;
    const row = await services.db.selectFrom('speech').select('key').where('id', '=', id).executeTakeFirst();
    if (row?.key !== key) await services.storage.delete(key);
  },
});

/** Does a speech task and ends it with its job in one transaction. */
export const makeSpeech = async (services: Services, job: Job, signal: AbortSignal): Promise<void> => {
  if (!(await hasRoom(services.storage))) return services.jobs.retry(job, 'the disk is full');
  await performJob(services, job, signal, dutyOf(services));
  await carryOutDeletions(services);
};
