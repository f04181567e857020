import { type CreateTaskRequest, LIMITS } from '@chanjing-avatar/protocol';
import { parameterError } from '../errors/contract-error.js';
import type { FileRow } from '../files/files.js';

/** Throws {@link ContractError} when less of the clip remains than a part may have. */
export const requirePartOfClip = (
  { duration }: FileRow,
  { clip_start: start }: Pick<CreateTaskRequest, 'clip_start'>,
): void => {
  // Null for a file that was checked by an earlier version: the engine will say so.
  if (!start || duration === null) return;
  const latest = Math.max(0, duration - LIMITS.clipPartSeconds);
  if (start <= latest) return;
  const expected = `at most ${latest.toFixed(1)}, because the clip has ${duration.toFixed(1)} s and at least ${LIMITS.clipPartSeconds} must remain`;
  throw parameterError('clip_start', start, expected);
};
