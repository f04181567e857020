import { z } from 'zod';
import type { Task } from './tasks.js';
import { taskSchema } from './tasks.js';

/** What is done for a task at the moment, in order; it waits before it begins, and after an interruption. */
const TASK_STAGES = ['waiting', 'speech', 'face', 'plan', 'render', 'finish', ''] as const;

export type TaskStage = (typeof TASK_STAGES)[number];

/** A task as its events tell it. */
export type FollowedTask = Task & {
  /** Empty once it is over. */
  stage: TaskStage;
  /** How often the work began: 0 before, more than 1 after it was interrupted. */
  attempt: number;
  /** Seconds that it will take at the pace of its present stage; null while nobody can tell. */
  seconds_left: number | null;
  /** Why it failed, as a literal name such as `face-not-found` or `cancelled`; empty otherwise. */
  reason: string;
};

export const followedTaskSchema: z.ZodType<FollowedTask> = (taskSchema as unknown as z.ZodObject).extend({
  stage: z
    .enum(TASK_STAGES)
    .describe(
      'waiting for its turn (also after an interruption), speech is read and listened to, face is followed, plan of the mouth, render draws and encodes, finish; empty once it is over.',
    ),
  attempt: z.int().describe('How often the work began: more than 1 after it was interrupted.'),
  seconds_left: z.int().nullable().describe('At the pace of the present stage; null while nobody can tell.'),
  reason: z
    .string()
    .describe('Why it failed, as a literal name such as face-not-found or cancelled; empty otherwise.'),
}) as unknown as z.ZodType<FollowedTask>;
