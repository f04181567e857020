import type { FileStatusMap, SpeechStatusMap, TaskStatusMap } from './wire.js';

/** `status` of a lip-sync task. Other products of the vendor number their states differently. */
export const TASK_STATUS: TaskStatusMap = { pending: 0, generating: 10, success: 20, failed: 30 };

/** `status` of an uploaded file; servers say 1 or 2 for a usable one. */
export const FILE_STATUS: FileStatusMap = {
  notReady: 0,
  readyAlternative: 1,
  ready: 2,
  rejected: 98,
  deleted: 99,
  purged: 100,
};

/** `status` of a speech task; a failure is `done` with a non-empty `errMsg`. */
export const SPEECH_STATUS: SpeechStatusMap = { generating: 1, done: 9 };
