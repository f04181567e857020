import type {
  CreateSpeechRequest,
  CreateTaskRequest,
  FilePicture,
  FileService,
  Subtitle,
} from '@chanjing-avatar/protocol';
import type { ColumnType, Generated, JSONColumnType } from 'kysely';

type CreatedAt = ColumnType<Date, Date | undefined, never>;

export type AppTable = {
  id: string;
  name: string;
  /** sha256, hex. The secret is 256 random bits, so a slow hash would add nothing. */
  secret_hash: string;
  /** Signs callbacks; kept readable because a signature needs it. */
  callback_secret: string;
  token_hash: string | null;
  token_expires_at: Date | null;
  disabled_at: Date | null;
  /** Quotas, null for none: bytes kept, seconds of video a day, pixels of a picture. */
  storage_limit: number | null;
  render_seconds_limit: number | null;
  pixels_limit: number | null;
  created_at: CreatedAt;
};

/** Size of a video and of the faces in it, in pixels as shown. */
export type CheckedPicture = {
  width: number;
  height: number;
  face: { width: number; height: number };
  /** Boxes of the faces in its beginning, from left to right; absent for files of earlier versions. */
  faces?: FilePicture['faces'];
};

export type FileTable = {
  id: string;
  app_id: string;
  service: FileService;
  name: string;
  mime_type: string;
  key: string;
  status: number;
  msg: Generated<string>;
  /** Why it was rejected, as a literal name. */
  reason: Generated<string>;
  /** Bytes; 0 until uploaded. */
  size: Generated<number>;
  /** Of the bytes; where the storage received them itself, of the tag that it gave them. */
  sha256: string | null;
  /** What the storage calls the bytes that it received itself; null before, and where the server received them. */
  arrived_tag: Generated<string | null>;
  /** Grows with each accepted upload, so that a check of replaced bytes is ignored. */
  version: Generated<number>;
  uploaded_at: Date | null;
  /** How often a check of these bytes failed for reasons of the machine. */
  failures: Generated<number>;
  /** Seconds, known once it was checked. */
  duration: number | null;
  /** What the check of a video found; null before, and for files of earlier versions. */
  picture: JSONColumnType<CheckedPicture> | null;
  created_at: CreatedAt;
};

/** A body that is being received: its room is reserved, and no second one comes to the same file. */
type UploadTable = {
  file_id: string;
  app_id: string;
  claim: string;
  /** Announced, or the most that is allowed. */
  bytes: number;
  received: Generated<number>;
  /** An upload that was not renewed for half a minute is no more. */
  renewed_at: CreatedAt;
};

/** Seconds of video that tasks were given or made: kept although their tasks may be deleted. */
type RenderUseTable = { task_id: string; app_id: string; seconds: number; used_at: CreatedAt };

export type TaskTable = {
  id: string;
  /** Order of creation. */
  number: Generated<string>;
  app_id: string;
  video_file_id: string;
  audio_file_id: string | null;
  request: JSONColumnType<CreateTaskRequest>;
  status: number;
  progress: Generated<number>;
  /** What is done at the moment, when that began, and at which progress. */
  stage: Generated<string>;
  stage_at: Generated<Date | null>;
  stage_progress: Generated<number>;
  /** Why it failed, as a literal name. */
  reason: Generated<string>;
  /** When whoever works on it last said so. */
  worked_at: Generated<Date | null>;
  msg: Generated<string>;
  /** Storage keys of the results, set when the task succeeds. */
  video_key: string | null;
  cover_key: string | null;
  /** Beside them, where they could be made: how it was made, and subtitles. */
  report_key: Generated<string | null>;
  subtitles_key: Generated<string | null>;
  duration_ms: Generated<number>;
  /** Bytes of all results. */
  bytes: Generated<number>;
  /** How often a render began, and how often one failed while the server lived. */
  starts: Generated<number>;
  failures: Generated<number>;
  /** Highest start that may have published a plan, 0 for none. */
  split_starts: Generated<number>;
  /** What the render is made by, once it goes on in segments. */
  plan: JSONColumnType<SegmentedPlan, string | null, string | null> | null;
  /** Job that joins the segments. */
  finish_job: Generated<string | null>;
  idempotency_key: string | null;
  request_hash: string | null;
  trace_id: string;
  /** URL of the server as its caller named it; links in the callback begin with it. */
  base_url: string;
  created_at: CreatedAt;
  ended_at: Date | null;
};

/** A video that is made in segments. */
export type SegmentedPlan = {
  /** The start of the task that planned it. */
  readonly start: number;
  readonly segments: number;
  readonly frames: number;
  readonly fps: number;
  readonly notices: readonly string[];
  /** Seconds of each stage of planning. */
  readonly timings: Readonly<Record<string, number>>;
};

/** Consecutive segments of a task that one job makes; kept for a day after the task. */
export type SegmentRunTable = {
  task_id: string;
  number: number;
  job_id: string;
  first_segment: number;
  /** The one after the last. */
  end_segment: number;
  /** How often its job began. */
  attempts: Generated<number>;
  /** How much of it is drawn, 0 to 1, and how many seconds that took. */
  share: Generated<number>;
  seconds: Generated<number>;
};

type SegmentTable = {
  task_id: string;
  number: number;
  /** Storage keys, once it is made; only the first segment has a cover. */
  key: string | null;
  cover_key: string | null;
};

/** How many renders a process does at the same time; one that is not renewed is gone. */
type RenderPlaceTable = { process: string; places: number; renewed_at: Date };

export type SpeechTable = {
  id: string;
  app_id: string;
  request: JSONColumnType<CreateSpeechRequest>;
  status: number;
  key: string | null;
  duration: Generated<number>;
  bytes: Generated<number>;
  subtitles: JSONColumnType<Subtitle[]>;
  error_message: Generated<string>;
  error_reason: Generated<string>;
  starts: Generated<number>;
  failures: Generated<number>;
  created_at: CreatedAt;
  ended_at: Date | null;
};

export type DeliveryTable = {
  /** The `webhook-id`, the same on each try. */
  id: string;
  app_id: string;
  task_id: string;
  url: string;
  body: string;
  status: Generated<'pending' | 'delivered' | 'failed' | 'stopped'>;
  created_at: CreatedAt;
};

type DeliveryTryTable = {
  delivery_id: string;
  number: number;
  tried_at: CreatedAt;
  /** HTTP status of the answer, null when there was none. */
  http_status: number | null;
  error: string;
  duration_ms: number;
};

type RecentCallTable = { key: string; calls: Date[] };

type QueueTurnTable = { queue: string; app_id: string; turn: number };

/** Storage keys that nothing refers to any more. */
type DoomedObjectTable = { key: string };

type SecretTable = { name: string; value: string };

/** A person who is signed in to the console; the app's own token is in its row. */
type SessionTable = { token_hash: string; app_id: string; expires_at: Date; created_at: CreatedAt };

type SignInCodeTable = { code_hash: string; app_id: string; expires_at: Date };

/** Every table of the server. */
export type Tables = {
  app: AppTable;
  file: FileTable;
  task: TaskTable;
  speech: SpeechTable;
  delivery: DeliveryTable;
  delivery_try: DeliveryTryTable;
  recent_call: RecentCallTable;
  queue_turn: QueueTurnTable;
  doomed_object: DoomedObjectTable;
  secret: SecretTable;
  upload: UploadTable;
  render_use: RenderUseTable;
  session: SessionTable;
  sign_in_code: SignInCodeTable;
  segment_run: SegmentRunTable;
  segment: SegmentTable;
  render_place: RenderPlaceTable;
};
