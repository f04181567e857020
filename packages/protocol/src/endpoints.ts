import { z } from 'zod';
import type { Delivery, DeliveryIdRequest, DeliveryPage, ListDeliveriesRequest } from './callbacks.js';
import {
  deliveryIdRequestSchema,
  deliveryPageSchema,
  deliverySchema,
  listDeliveriesRequestSchema,
} from './callbacks.js';
import type {
  FileDetail,
  FileDetailRequest,
  FilePage,
  ListFilesRequest,
  UploadUrl,
  UploadUrlRequest,
} from './files.js';
import {
  fileDetailRequestSchema,
  fileDetailSchema,
  filePageSchema,
  listFilesRequestSchema,
  uploadUrlRequestSchema,
  uploadUrlSchema,
} from './files.js';
import type { Nothing, Session, SessionRequest } from './sessions.js';
import { nothingSchema, sessionRequestSchema, sessionSchema } from './sessions.js';
import type { FollowedTask } from './task-progress.js';
import { followedTaskSchema } from './task-progress.js';
import type { FoundTaskPage, SearchTasksRequest, TaskReport } from './task-report.js';
import { foundTaskPageSchema, searchTasksRequestSchema, taskReportSchema } from './task-report.js';
import type { CreateTaskRequest, ListTasksRequest, Task, TaskIdRequest, TaskPage } from './tasks.js';
import {
  createTaskRequestSchema,
  listTasksRequestSchema,
  taskIdRequestSchema,
  taskPageSchema,
  taskSchema,
} from './tasks.js';
import type { Token, TokenRequest } from './token.js';
import { tokenRequestSchema, tokenSchema } from './token.js';
import type {
  CreateSpeechRequest,
  ListVoicesRequest,
  SpeechTask,
  SpeechTaskId,
  VoicePage,
} from './voices.js';
import {
  createSpeechRequestSchema,
  listVoicesRequestSchema,
  speechTaskIdSchema,
  speechTaskSchema,
  voicePageSchema,
} from './voices.js';

/** Which per-minute limit of its app a call counts against. */
export type RateLimit = 'create' | 'speech' | 'file';

export type Endpoint<Request, Data> = {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly summary: string;
  readonly tag: 'Access' | 'Files' | 'Lip-sync' | 'Voices and speech' | 'Callbacks';
  /** Needs the `access_token` header. */
  readonly authenticated: boolean;
  /** GET requests carry it in the query string, POST requests as a JSON body. */
  readonly request: z.ZodType<Request>;
  /** The `data` of a successful reply. */
  readonly data: z.ZodType<Data>;
  readonly rateLimit?: RateLimit;
  /** Not in the vendor's API. */
  readonly extension?: true;
  /** Takes an `Idempotency-Key` header. */
  readonly idempotent?: true;
  /** Answers with server-sent events whose `data` is `Data`, not with an envelope. */
  readonly eventStream?: true;
};

/** Every call of the Open API. */
export type Endpoints = {
  createToken: Endpoint<TokenRequest, Token>;
  createSession: Endpoint<SessionRequest, Session>;
  endSession: Endpoint<Nothing, null>;
  createUploadUrl: Endpoint<UploadUrlRequest, UploadUrl>;
  fileDetail: Endpoint<FileDetailRequest, FileDetail>;
  listFiles: Endpoint<ListFilesRequest, FilePage>;
  deleteFile: Endpoint<FileDetailRequest, null>;
  createTask: Endpoint<CreateTaskRequest, string>;
  taskDetail: Endpoint<TaskIdRequest, Task>;
  listTasks: Endpoint<ListTasksRequest, TaskPage>;
  searchTasks: Endpoint<SearchTasksRequest, FoundTaskPage>;
  taskReport: Endpoint<TaskIdRequest, TaskReport>;
  cancelTask: Endpoint<TaskIdRequest, Task>;
  deleteTask: Endpoint<TaskIdRequest, null>;
  taskEvents: Endpoint<TaskIdRequest, FollowedTask>;
  listVoices: Endpoint<ListVoicesRequest, VoicePage>;
  createSpeech: Endpoint<CreateSpeechRequest, SpeechTaskId>;
  speechState: Endpoint<SpeechTaskId, SpeechTask>;
  listDeliveries: Endpoint<ListDeliveriesRequest, DeliveryPage>;
  resendDelivery: Endpoint<DeliveryIdRequest, Delivery>;
};

export const ENDPOINTS: Endpoints = {
  createToken: {
    method: 'POST',
    path: '/open/v1/access_token',
    summary: 'Issue an access token; the previous token of the app ends',
    tag: 'Access',
    authenticated: false,
    request: tokenRequestSchema,
    data: tokenSchema,
  },
  createSession: {
    method: 'POST',
    path: '/open/v1/session',
    summary: 'Sign in a person: a token beside the one of the app, which goes on',
    tag: 'Access',
    authenticated: false,
    request: sessionRequestSchema,
    data: sessionSchema,
    extension: true,
  },
  endSession: {
    method: 'POST',
    path: '/open/v1/session_end',
    summary: 'Sign out: the session whose token is sent ends',
    tag: 'Access',
    authenticated: true,
    request: nothingSchema,
    data: z.null(),
    extension: true,
  },
  createUploadUrl: {
    method: 'GET',
    path: '/open/v1/common/create_upload_url',
    summary: 'Get a URL to PUT a file to',
    tag: 'Files',
    authenticated: true,
    request: uploadUrlRequestSchema,
    data: uploadUrlSchema,
    rateLimit: 'file',
  },
  fileDetail: {
    method: 'GET',
    path: '/open/v1/common/file_detail',
    summary: 'Ask whether an uploaded file is ready',
    tag: 'Files',
    authenticated: true,
    request: fileDetailRequestSchema,
    data: fileDetailSchema,
  },
  listFiles: {
    method: 'POST',
    path: '/open/v1/common/file_list',
    summary: "List the app's uploads, newest first",
    tag: 'Files',
    authenticated: true,
    request: listFilesRequestSchema,
    data: filePageSchema,
    extension: true,
  },
  deleteFile: {
    method: 'POST',
    path: '/open/v1/common/file_delete',
    summary: 'Delete an uploaded file and everything derived from it',
    tag: 'Files',
    authenticated: true,
    request: fileDetailRequestSchema,
    data: z.null(),
    rateLimit: 'file',
    extension: true,
  },
  createTask: {
    method: 'POST',
    path: '/open/v1/video_lip_sync/create',
    summary: 'Make a person in a video say something; the reply is the task id',
    tag: 'Lip-sync',
    authenticated: true,
    request: createTaskRequestSchema,
    data: z.string(),
    rateLimit: 'create',
    idempotent: true,
  },
  taskDetail: {
    method: 'GET',
    path: '/open/v1/video_lip_sync/detail',
    summary: 'Ask how a task is going',
    tag: 'Lip-sync',
    authenticated: true,
    request: taskIdRequestSchema,
    data: taskSchema,
  },
  listTasks: {
    method: 'POST',
    path: '/open/v1/video_lip_sync/list',
    summary: "List the app's tasks, newest first",
    tag: 'Lip-sync',
    authenticated: true,
    request: listTasksRequestSchema,
    data: taskPageSchema,
  },
  searchTasks: {
    method: 'POST',
    path: '/open/v1/video_lip_sync/search',
    summary: "Search the app's tasks by state, text and time, newest first",
    tag: 'Lip-sync',
    authenticated: true,
    request: searchTasksRequestSchema,
    data: foundTaskPageSchema,
    extension: true,
  },
  taskReport: {
    method: 'GET',
    path: '/open/v1/video_lip_sync/report',
    summary: 'Ask what was wanted of a task and how its video was made, frame by frame',
    tag: 'Lip-sync',
    authenticated: true,
    request: taskIdRequestSchema,
    data: taskReportSchema,
    extension: true,
  },
  cancelTask: {
    method: 'POST',
    path: '/open/v1/video_lip_sync/cancel',
    summary: 'Stop a task; it ends as failed. A task that is over stays as it is',
    tag: 'Lip-sync',
    authenticated: true,
    request: taskIdRequestSchema,
    data: taskSchema,
    extension: true,
  },
  deleteTask: {
    method: 'POST',
    path: '/open/v1/video_lip_sync/delete',
    summary: 'Stop a task if it runs, and remove it with its results',
    tag: 'Lip-sync',
    authenticated: true,
    request: taskIdRequestSchema,
    data: z.null(),
    extension: true,
  },
  taskEvents: {
    method: 'GET',
    path: '/open/v1/video_lip_sync/events',
    summary: 'Follow a task: one server-sent event `task` for each change, until it is over',
    tag: 'Lip-sync',
    authenticated: true,
    request: taskIdRequestSchema,
    data: followedTaskSchema,
    extension: true,
    eventStream: true,
  },
  listVoices: {
    method: 'GET',
    path: '/open/v1/list_common_audio',
    summary: 'List the voices',
    tag: 'Voices and speech',
    authenticated: true,
    request: listVoicesRequestSchema,
    data: voicePageSchema,
  },
  createSpeech: {
    method: 'POST',
    path: '/open/v1/create_audio_task',
    summary: 'Read a text aloud',
    tag: 'Voices and speech',
    authenticated: true,
    request: createSpeechRequestSchema,
    data: speechTaskIdSchema,
    rateLimit: 'speech',
  },
  speechState: {
    method: 'POST',
    path: '/open/v1/audio_task_state',
    summary: 'Ask how a speech task is going',
    tag: 'Voices and speech',
    authenticated: true,
    request: speechTaskIdSchema,
    data: speechTaskSchema,
  },
  listDeliveries: {
    method: 'POST',
    path: '/open/v1/callback/list',
    summary: "List the app's callbacks with each try to deliver them, newest first",
    tag: 'Callbacks',
    authenticated: true,
    request: listDeliveriesRequestSchema,
    data: deliveryPageSchema,
    extension: true,
  },
  resendDelivery: {
    method: 'POST',
    path: '/open/v1/callback/resend',
    summary: 'Send a callback again that was delivered, given up or stopped',
    tag: 'Callbacks',
    authenticated: true,
    request: deliveryIdRequestSchema,
    data: deliverySchema,
    extension: true,
  },
};

/** Request header that makes a repeated create return the first task. 1 to 128 characters of A-Z a-z 0-9 . _ ~ - */
export const IDEMPOTENCY_HEADER = 'idempotency-key';

export const isIdempotencyKey = (text: string): boolean => /^[A-Za-z0-9._~-]{1,128}$/.test(text);

/** Request header with the access token. */
export const TOKEN_HEADER = 'access_token';

/** The voice of the contract's own example request. */
export const EXAMPLE_VOICE_ID = 'C-f2429d07554749839849497589199916';
