export type { Client, ClientOptions } from './client.js';
export { CLOUD_URL, createClient } from './client.js';
export { AuthenticationError } from './errors/authentication-error.js';
export { BillingError } from './errors/billing-error.js';
export type { FailedRequest, Fault } from './errors/chanjing-error.js';
export { ChanjingError } from './errors/chanjing-error.js';
export { ConnectionError } from './errors/connection-error.js';
export { FileNotReadyError } from './errors/file-not-ready-error.js';
export { FileRejectedError } from './errors/file-rejected-error.js';
export { InvalidRequestError } from './errors/invalid-request-error.js';
export type { UnknownOutcome } from './errors/outcome-unknown-error.js';
export { OutcomeUnknownError } from './errors/outcome-unknown-error.js';
export { QuotaError } from './errors/quota-error.js';
export { RateLimitError } from './errors/rate-limit-error.js';
export { ServerError } from './errors/server-error.js';
export { SpeechFailedError } from './errors/speech-failed-error.js';
export { TaskFailedError } from './errors/task-failed-error.js';
export { TimeoutError } from './errors/timeout-error.js';
export { UnexpectedReplyError } from './errors/unexpected-reply-error.js';
export { UnknownStatusError } from './errors/unknown-status-error.js';
export { UnsupportedCallError } from './errors/unsupported-call-error.js';
export { UploadRefusedError } from './errors/upload-refused-error.js';
export { WaitTimeoutError } from './errors/wait-timeout-error.js';
export { WebhookSignatureError } from './errors/webhook-signature-error.js';
export type { Callbacks } from './resources/callbacks.js';
export type { DownloadOptions } from './resources/download.js';
export type { CallOptions, Files, UploadOptions } from './resources/files.js';
export type { CreateOptions, LipSyncTasks, TaskWaitOptions } from './resources/lip-sync.js';
export type { Listing } from './resources/listing.js';
export type { WaitOptions } from './resources/poll.js';
export type { BytesProgress } from './resources/put-file.js';
export type { Material, Run, RunOptions, RunRequest, RunResult, RunStage } from './resources/run.js';
export type { Notice, OnNotice } from './resources/speakable-text.js';
export { withoutEmoji } from './resources/speakable-text.js';
export type { SpeechTasks } from './resources/speech.js';
export type { OpenPath, UploadFile, UploadSource } from './resources/upload-source.js';
export type { Voices } from './resources/voices.js';
export type { SignInOptions } from './sign-in.js';
export { signIn } from './sign-in.js';
export { FILE_STATUS, SPEECH_STATUS, TASK_STATUS } from './statuses.js';
export type { AccessToken } from './token/given-tokens.js';
export type { KeyPair, StoredToken, TokenStore } from './token/token-source.js';
export type { VerifyOptions, WebhookHeaders } from './webhooks.js';
export * as webhooks from './webhooks.js';
export type {
  CreateSpeechInput,
  CreateTaskInput,
  Delivery,
  Envelope,
  FileDetail,
  FileService,
  FollowedTask,
  FoundTask,
  ListedFile,
  MadeReport,
  Page,
  SearchTasksInput,
  Session,
  SpeechTask,
  Subtitle,
  Task,
  TaskReport,
  UploadUrl,
  VoiceEntry,
} from './wire.js';
