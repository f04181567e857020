import { availableParallelism } from 'node:os';
import { LIMITS } from '@chanjing-avatar/protocol';
import ipaddr from 'ipaddr.js';
import {
  anyText,
  type DefinitionsOf,
  hasNoUser,
  isHostAndPort,
  isHttpUrl,
  isOrigin,
  listOf,
  urlOrNone,
  wholeNumber,
  yesOrNo,
} from './setting-values.js';
import { SHARED_DEFINITIONS, type SharedSettings } from './shared-settings.js';

/** Everything that can be set, by flag or environment. */
export type Settings = SharedSettings & {
  /** Where the database, uploads, results and caches live; where processes share S3, only caches and work under way. */
  dataDir: string;
  /** A PostgreSQL of your own; empty for the embedded one. */
  databaseUrl: string;
  host: string;
  port: number;
  /** How callers reach the server, for the URLs in replies; empty takes it from each request's Host header. */
  publicUrl: string;
  /** Whether X-Forwarded-* headers of a reverse proxy are believed. */
  trustProxy: boolean;
  /** Renders at the same time, in all and of one app. */
  renders: number;
  rendersPerApp: number;
  /** Calls per app and minute: lip-sync creates; speech creates; uploads and deletions of files. */
  createsPerMinute: number;
  speechCreatesPerMinute: number;
  fileCallsPerMinute: number;
  /** Wrong pairs of app_id and secret_key per address and minute. */
  wrongPairsPerMinute: number;
  /** Tasks of one app that may wait or run. */
  openTasksPerApp: number;
  /** What `file_detail` answers for a usable file: 2, or 1 as later documents of the vendor say. */
  fileReadyStatus: 1 | 2;
  maxUploadBytes: number;
  /** Bytes a second that an upload must come with, over each half minute. */
  minUploadRate: number;
  maxVideoSeconds: number;
  maxAudioSeconds: number;
  /** Most that one task may cost: million pixels of the result times its seconds. */
  maxTaskCost: number;
  /** Days until uploads, and until results, are purged. */
  fileDays: number;
  resultDays: number;
  /** Minutes that URLs of uploads and results are good for, 0 for as long as there is something to read. */
  urlMinutes: number;
  /** `host:port` where /metrics is then, and nowhere else; empty for the server's own address. */
  metricsAddress: string;
  /** Address ranges (CIDR) that callbacks may go to although they are not public. */
  callbackAllow: string[];
  /** Origins of web pages that may call the API from a browser; `*` is any. */
  corsOrigins: string[];
  /** A server with OpenAI's speech API whose voices are offered too; empty for none. */
  speechUrl: string;
  speechApiKey: string;
  speechModel: string;
  /** The voices of a speech server that does not list them. */
  speechVoices: string[];
  /** Directory of a sherpa-onnx model whose voices are offered too; empty for none. */
  sherpaModel: string;
  /** Directory of installed voices, which are offered first; empty for none. */
  voicesDirectory: string;
  /** Seconds that running work may take to finish when the server stops. */
  stopSeconds: number;
  logLevel: string;
};

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'];

export const SETTING_DEFINITIONS: DefinitionsOf<Settings> = {
  dataDir: {
    flag: 'data-dir',
    env: 'DATA_DIR',
    fallback: 'chanjing-avatar-data',
    ...anyText,
    about: 'directory of the database, uploads, results and caches',
  },
  databaseUrl: {
    flag: 'database-url',
    env: 'DATABASE_URL',
    fallback: '',
    read: (text) => (text === '' || /^postgres(ql)?:/.test(text) ? text : undefined),
    expected: 'postgresql://user:password@host/database',
    about: 'a PostgreSQL (15 or later) of your own instead of the embedded one',
  },
  ...SHARED_DEFINITIONS,
  host: { flag: 'host', env: 'HOST', fallback: '127.0.0.1', ...anyText, about: 'address to listen on' },
  port: {
    flag: 'port',
    env: 'PORT',
    fallback: 8080,
    ...wholeNumber(0, 65_535),
    about: 'port to listen on, 0 for any free one',
  },
  publicUrl: {
    flag: 'public-url',
    env: 'PUBLIC_URL',
    fallback: '',
    ...urlOrNone,
    about: 'how callers reach this server; else taken from the Host header',
  },
  trustProxy: {
    flag: 'trust-proxy',
    env: 'TRUST_PROXY',
    fallback: false,
    ...yesOrNo,
    about: 'believe X-Forwarded-* headers of a reverse proxy',
  },
  renders: {
    flag: 'renders',
    env: 'RENDERS',
    fallback: Math.max(1, Math.floor(availableParallelism() / 2)),
    ...wholeNumber(0, 64),
    about: 'renders at the same time; 0 renders nothing here',
  },
  rendersPerApp: {
    flag: 'renders-per-app',
    env: 'RENDERS_PER_APP',
    fallback: 2,
    ...wholeNumber(1, 64),
    about: 'renders of one app at the same time',
  },
  createsPerMinute: {
    flag: 'creates-per-minute',
    env: 'CREATES_PER_MINUTE',
    fallback: LIMITS.createsPerMinute,
    ...wholeNumber(1, 100_000),
    about: 'lip-sync create calls per app and minute',
  },
  speechCreatesPerMinute: {
    flag: 'speech-creates-per-minute',
    env: 'SPEECH_CREATES_PER_MINUTE',
    fallback: LIMITS.speechCreatesPerMinute,
    ...wholeNumber(1, 100_000),
    about: 'speech create calls per app and minute',
  },
  fileCallsPerMinute: {
    flag: 'file-calls-per-minute',
    env: 'FILE_CALLS_PER_MINUTE',
    fallback: LIMITS.fileCallsPerMinute,
    ...wholeNumber(1, 100_000),
    about: 'uploads and deletions per app and minute',
  },
  wrongPairsPerMinute: {
    flag: 'wrong-pairs-per-minute',
    env: 'WRONG_PAIRS_PER_MINUTE',
    fallback: 20,
    ...wholeNumber(1, 100_000),
    about: 'wrong pairs of app_id and secret_key per address and minute',
  },
  openTasksPerApp: {
    flag: 'open-tasks-per-app',
    env: 'OPEN_TASKS_PER_APP',
    fallback: 1000,
    ...wholeNumber(1, 1_000_000),
    about: 'tasks of one app that may wait or run (then 40002)',
  },
  fileReadyStatus: {
    flag: 'file-ready-status',
    env: 'FILE_READY_STATUS',
    fallback: 2,
    read: (text) => ({ '1': 1 as const, '2': 2 as const })[text],
    expected: '1 or 2',
    about: 'status of a usable file: 2, or 1 for clients of the later documents',
  },
  maxUploadBytes: {
    flag: 'max-upload-bytes',
    env: 'MAX_UPLOAD_BYTES',
    fallback: 2 * 1024 ** 3,
    ...wholeNumber(1, Number.MAX_SAFE_INTEGER),
    about: 'largest upload',
  },
  minUploadRate: {
    flag: 'min-upload-rate',
    env: 'MIN_UPLOAD_RATE',
    fallback: 4096,
    ...wholeNumber(1, 1_000_000_000),
    about: 'bytes a second that an upload must come with',
  },
  maxVideoSeconds: {
    flag: 'max-video-seconds',
    env: 'MAX_VIDEO_SECONDS',
    fallback: 600,
    ...wholeNumber(1, 86_400),
    about: 'longest driving video',
  },
  maxAudioSeconds: {
    flag: 'max-audio-seconds',
    env: 'MAX_AUDIO_SECONDS',
    fallback: 1800,
    ...wholeNumber(1, 86_400),
    about: 'longest uploaded speech',
  },
  maxTaskCost: {
    flag: 'max-task-cost',
    env: 'MAX_TASK_COST',
    fallback: 4000,
    ...wholeNumber(1, 1_000_000),
    about: 'most that a task may cost: million pixels of the result times seconds',
  },
  fileDays: {
    flag: 'file-days',
    env: 'FILE_DAYS',
    fallback: LIMITS.fileDays,
    ...wholeNumber(1, 36_500),
    about: 'days until uploads are purged',
  },
  resultDays: {
    flag: 'result-days',
    env: 'RESULT_DAYS',
    fallback: 30,
    ...wholeNumber(1, 36_500),
    about: 'days until finished tasks and their results are purged',
  },
  urlMinutes: {
    flag: 'url-minutes',
    env: 'URL_MINUTES',
    fallback: 0,
    ...wholeNumber(0, 525_600),
    about: 'minutes that URLs of uploads and results are good for; 0 for ever',
  },
  metricsAddress: {
    flag: 'metrics-address',
    env: 'METRICS_ADDRESS',
    fallback: '',
    read: (text) => (text === '' || isHostAndPort(text) ? text : undefined),
    expected: 'a host and a port like 127.0.0.1:9090',
    about: 'address of /metrics, which is then nowhere else',
  },
  callbackAllow: {
    flag: 'callback-allow',
    env: 'CALLBACK_ALLOW',
    fallback: [],
    read: (text) => {
      const ranges = listOf(text);
      return ranges.every((range) => ipaddr.isValidCIDR(range)) ? ranges : undefined;
    },
    expected: 'address ranges like 10.0.0.0/8,127.0.0.1/32',
    about: 'private address ranges that callbacks may go to',
  },
  corsOrigins: {
    flag: 'cors-origins',
    env: 'CORS_ORIGINS',
    fallback: [],
    read: (text) => {
      const origins = listOf(text);
      return origins.every(isOrigin) ? origins : undefined;
    },
    expected: 'origins like https://app.example.com,http://localhost:5173, or * for any',
    about: 'web pages that may call the API from a browser',
  },
  speechUrl: {
    flag: 'speech-url',
    env: 'SPEECH_URL',
    fallback: '',
    read: (text) => (text === '' || (isHttpUrl(text) && hasNoUser(text)) ? text : undefined),
    expected: 'an http or https URL without user and password, which go into SPEECH_API_KEY',
    about: "a server with OpenAI's /v1/audio/speech, whose voices come first",
  },
  speechApiKey: {
    flag: 'speech-api-key',
    env: 'SPEECH_API_KEY',
    fallback: '',
    ...anyText,
    about: 'key of the speech server; rather as a variable, flags can be seen by others',
  },
  speechModel: {
    flag: 'speech-model',
    env: 'SPEECH_MODEL',
    fallback: '',
    ...anyText,
    about: 'model that the speech server uses, else tts-1',
  },
  speechVoices: {
    flag: 'speech-voices',
    env: 'SPEECH_VOICES',
    fallback: [],
    read: (text) => listOf(text),
    expected: 'names with commas',
    about: 'voices of a speech server that does not list them',
  },
  sherpaModel: {
    flag: 'sherpa-model',
    env: 'SHERPA_MODEL',
    fallback: '',
    ...anyText,
    about: 'directory of a model of your own for sherpa-onnx',
  },
  voicesDirectory: {
    flag: 'voices-dir',
    env: 'VOICES_DIR',
    fallback: '',
    ...anyText,
    about: 'directory of installed voices, see "voices install"',
  },
  stopSeconds: {
    flag: 'stop-seconds',
    env: 'STOP_SECONDS',
    fallback: 30,
    ...wholeNumber(0, 86_400),
    about: 'seconds that running work may take when the server stops',
  },
  logLevel: {
    flag: 'log-level',
    env: 'LOG_LEVEL',
    fallback: 'info',
    read: (text) => (LOG_LEVELS.includes(text) ? text : undefined),
    expected: LOG_LEVELS.join(', '),
    about: 'how much is logged',
  },
};
