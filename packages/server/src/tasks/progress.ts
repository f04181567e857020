import { TASK_STATUS } from '@chanjing-avatar/protocol';
import { type RawBuilder, sql } from 'kysely';
import type { RenderProgress } from '../renderer/messages.js';
import type { Services } from '../services.js';
import type { TaskRow } from './task-reads.js';

/** At most one write a second within a stage, and one at least this often: who is silent for longer is taken for dead. */
const WRITE_MS = 1000;
const SIGN_OF_LIFE_MS = 10_000;
/** 100 is only said with the result. */
const HIGHEST = 99;

/** What a task says of its work; what is not said stays. */
export type WorkState = {
  readonly progress?: number;
  readonly stage?: RenderProgress['stage'];
  readonly stage_progress?: number;
  readonly stage_at?: RawBuilder<Date>;
  readonly worked_at: RawBuilder<Date> | null;
};

const now: RawBuilder<Date> = sql<Date>`now()`;

/** … when it begins. */
export const begunWork: Required<WorkState> = {
  progress: 0,
  stage: 'speech',
  stage_progress: 0,
  stage_at: now,
  worked_at: now,
};

export type ProgressWriter = {
  report(progress: RenderProgress): void;
  /** Waits for a write under way and begins no other. */
  settled(): Promise<void>;
};

/** Of this start alone: another one may have begun. Nothing fails with it. */
const writeState = async (
  { db, log }: Services,
  { id, starts }: Pick<TaskRow, 'id' | 'starts'>,
  state: WorkState,
): Promise<void> => {
  try {
    await db
      .updateTable('task')
      .set(state)
      .where('id', '=', id)
      .where('starts', '=', starts)
      .where('status', '=', TASK_STATUS.generating)
      .execute();
  } catch (error) {
    log.warn({ task: id, error: String(error) }, 'could not write progress');
  }
};

/** Says that nobody works on a task until it is begun again. */
export const restWork = (services: Services, task: Pick<TaskRow, 'id' | 'starts'>): Promise<void> =>
  writeState(services, task, { worked_at: null });

/** Where progress is written, and the stage that stands there already. */
type ProgressPlace = {
  readonly stage: RenderProgress['stage'];
  readonly write: (state: WorkState) => Promise<void>;
};

/** Writes how far a render is to its task, and that somebody is at it. */
export const progressWriter = (services: Services, task: Pick<TaskRow, 'id' | 'starts'>): ProgressWriter =>
  progressWriterTo({ stage: begunWork.stage, write: (state) => writeState(services, task, state) });

export const progressWriterTo = ({ stage: known, write }: ProgressPlace): ProgressWriter => {
  let written = 0;
  let stage = known;
  let last = 0;
  let writing: Promise<void> | undefined;
  let over = false;

  const update = async (values: Omit<WorkState, 'worked_at'>): Promise<void> => {
    last = Date.now();
    await write({ ...values, worked_at: now });
    writing = undefined;
  };
  const living = setInterval(() => {
    if (!writing && Date.now() - last >= SIGN_OF_LIFE_MS) writing = update({});
  }, SIGN_OF_LIFE_MS);

  return {
    report: (told) => {
      const progress = Math.min(HIGHEST, Math.max(written, Math.floor(told.fraction * 100)));
      const begins = told.stage !== stage;
      const isDue = begins || (progress > written && Date.now() - last >= WRITE_MS);
      if (over || writing || !isDue) return;
      const begun = begins ? { stage: told.stage, stage_progress: progress, stage_at: now } : {};
      [written, stage] = [progress, told.stage];
      writing = update({ progress, ...begun });
    },
    settled: async () => {
      over = true;
      clearInterval(living);
      await writing;
    },
  };
};
