export type {
  Delivery,
  DeliveryIdRequest,
  DeliveryPage,
  ListDeliveriesInput,
  ListDeliveriesRequest,
} from './callbacks.js';
export type { Code, FileStatus, SpeechStatus, TaskStatus } from './codes.js';
export { CODE, FILE_STATUS, isFileReady, SPEECH_STATUS, TASK_STATUS } from './codes.js';
export type { Endpoint, Endpoints, RateLimit } from './endpoints.js';
export {
  ENDPOINTS,
  EXAMPLE_VOICE_ID,
  IDEMPOTENCY_HEADER,
  isIdempotencyKey,
  TOKEN_HEADER,
} from './endpoints.js';
export type { Envelope, Page, PageInfo } from './envelope.js';
export { envelopeSchema, pageInfoSchema } from './envelope.js';
export type { Parsed, Refusal } from './explain.js';
export { parseRequest } from './explain.js';
export type {
  FileDetail,
  FileDetailRequest,
  FilePage,
  FilePicture,
  ListedFile,
  ListFilesInput,
  ListFilesRequest,
  UploadUrl,
  UploadUrlRequest,
} from './files.js';
export { fileDetailSchema, uploadUrlSchema } from './files.js';
export type { FileService } from './limits.js';
export { DEFAULTS, extensionOf, LIMITS, MEDIA_TYPES, mediaTypeOf } from './limits.js';
export { openApiDocument } from './openapi.js';
export type { Nothing, Session, SessionRequest } from './sessions.js';
export type { FollowedTask, TaskStage } from './task-progress.js';
export type {
  FoundTask,
  FoundTaskPage,
  MadeReport,
  SearchTasksInput,
  SearchTasksRequest,
  TaskReport,
  TimeSpan,
} from './task-report.js';
export type {
  CreateTaskInput,
  CreateTaskRequest,
  ListTasksInput,
  ListTasksRequest,
  Task,
  TaskIdRequest,
  TaskPage,
  TtsConfig,
} from './tasks.js';
export { createTaskRequestSchema, taskSchema } from './tasks.js';
export type { Token, TokenRequest } from './token.js';
export type { SpeechPace, VideoOption, VideoOptionName, VideoSettings } from './video-options.js';
export { parseFace, VIDEO_ONLY, VIDEO_OPTIONS } from './video-options.js';
export type {
  CreateSpeechInput,
  CreateSpeechRequest,
  ListVoicesInput,
  ListVoicesRequest,
  SpeechTask,
  SpeechTaskId,
  Subtitle,
  VoiceEntry,
  VoicePage,
} from './voices.js';
export { speechTaskSchema, voiceEntrySchema } from './voices.js';
