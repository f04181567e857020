// The only file that knows the protocol package, and only its types: packing replaces its declarations by copies, so
// that the published package needs nothing else.
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
  SpeechTaskId,
  Subtitle,
  Task,
  TaskReport,
  Token,
  UploadUrl,
  VoiceEntry,
} from '@chanjing-avatar/protocol';

import type * as protocol from '@chanjing-avatar/protocol';

export type TaskStatusMap = typeof protocol.TASK_STATUS;
export type FileStatusMap = typeof protocol.FILE_STATUS;
export type SpeechStatusMap = typeof protocol.SPEECH_STATUS;
