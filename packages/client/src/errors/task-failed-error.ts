import { ChanjingError } from './chanjing-error.js';

/** A lip-sync task ended as failed (30). `msg` says why. */
export class TaskFailedError extends ChanjingError {
  override readonly name: string = 'TaskFailedError';
  override readonly kind = 'task-failed';
  override readonly fault = 'input';
}
