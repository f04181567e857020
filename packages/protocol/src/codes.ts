/** The `code` of an envelope. Everything but `success` is a failure, answered with HTTP 200 all the same. */
export const CODE = {
  success: 0,
  /** Malformed request: broken JSON, a value of the wrong type. */
  malformed: 400,
  /** `access_token` missing, wrong, expired or replaced by a newer one. */
  unauthorized: 10400,
  /** A second code that clients treat like {@link CODE.unauthorized}; this server never sends it. */
  unauthorizedAlternative: 10401,
  /** Parameter error; `msg` names the field, what was received and what is allowed. */
  parameter: 40000,
  /** Too many requests in a minute; the reply has a `Retry-After` header in seconds. */
  rateLimited: 40001,
  /** A quota is used up. */
  quotaReached: 40002,
  internal: 50000,
} as const;

export type Code = (typeof CODE)[keyof typeof CODE];

/** `status` of a lip-sync task. Other products of the vendor number their states differently: never share this map. */
export const TASK_STATUS = { pending: 0, generating: 10, success: 20, failed: 30 } as const;

export type TaskStatus = (typeof TASK_STATUS)[keyof typeof TASK_STATUS];

/**
 * `status` of a file. The sources disagree on "ready": 2 in the first documents, 1 in later ones.
 * Clients accept both, see {@link isFileReady}; a server answers 2 unless it is configured otherwise.
 */
export const FILE_STATUS = {
  notReady: 0,
  readyAlternative: 1,
  ready: 2,
  rejected: 98,
  deleted: 99,
  purged: 100,
} as const;

export type FileStatus = (typeof FILE_STATUS)[keyof typeof FILE_STATUS];

/** True for both numbers that servers use for a usable file. */
export const isFileReady = (status: number): boolean =>
  status === FILE_STATUS.ready || status === FILE_STATUS.readyAlternative;

/** `status` of a speech task. A failure is `done` with a non-empty `errMsg`. */
export const SPEECH_STATUS = { generating: 1, done: 9 } as const;

export type SpeechStatus = (typeof SPEECH_STATUS)[keyof typeof SPEECH_STATUS];
