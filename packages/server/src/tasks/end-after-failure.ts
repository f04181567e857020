import { TASK_STATUS } from '@chanjing-avatar/protocol';
import { giveUpAfter, interruptedTooOften } from '../queue/giving-up.js';
import { ProgramFailure } from '../renderer/program-failure.js';
import type { Services } from '../services.js';
import type { TaskRow } from './task-reads.js';
import type { TaskEnd } from './tasks.js';

type FailedEnd = TaskEnd & { status: typeof TASK_STATUS.failed };

/** The end of a task whose work was begun too often. */
export const interruptedEnd = (): FailedEnd => ({
  status: TASK_STATUS.failed,
  msg: interruptedTooOften('task'),
  reason: 'given-up',
  isOurs: true,
});

/** The end of a task after failed work for it; throws when it should be tried again. */
export const endAfterFailure = async (
  services: Services,
  task: TaskRow,
  failure: unknown,
): Promise<FailedEnd> => {
  const isMaterial = failure instanceof ProgramFailure && failure.fault === 'input';
  const msg = isMaterial ? failure.message : await giveUpAfter(services, 'task', task, failure);
  return {
    status: TASK_STATUS.failed,
    msg,
    reason: isMaterial ? failure.code : 'given-up',
    isOurs: !isMaterial,
  };
};
