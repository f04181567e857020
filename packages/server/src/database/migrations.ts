import type { Kysely, Migration } from 'kysely';
import { sql } from 'kysely';

const statements =
  (...texts: string[]): ((db: Kysely<unknown>) => Promise<void>) =>
  async (db) => {
    for (const text of texts) await sql.raw(text).execute(db);
  };

/** Each step once, in order of its name. Steps are never changed after a release; add another. */
export const MIGRATIONS: Record<string, Migration> = {
  '001-start': {
    up: statements(
      `create table app (
        id text primary key,
        name text not null unique,
        secret_hash text not null,
        callback_secret text not null,
        token_hash text unique,
        token_expires_at timestamptz,
        disabled_at timestamptz,
        created_at timestamptz not null default now()
      )`,
      `create table file (
        id text primary key,
        app_id text not null references app,
        service text not null,
        name text not null,
        mime_type text not null,
        key text not null,
        status integer not null,
        msg text not null default '',
        size bigint not null default 0,
        sha256 text,
        version integer not null default 0,
        uploaded_at timestamptz,
        created_at timestamptz not null default now()
      )`,
      'create index file_created on file (created_at)',
      `create table task (
        id text primary key,
        number bigint generated always as identity,
        app_id text not null references app,
        video_file_id text not null,
        audio_file_id text,
        request json not null,
        status integer not null,
        progress integer not null default 0,
        msg text not null default '',
        video_key text,
        cover_key text,
        duration_ms integer not null default 0,
        starts integer not null default 0,
        failures integer not null default 0,
        idempotency_key text,
        request_hash text,
        trace_id text not null,
        base_url text not null,
        created_at timestamptz not null default now(),
        ended_at timestamptz,
        unique (app_id, idempotency_key)
      )`,
      'create index task_newest on task (app_id, number desc)',
      'create index task_open on task (status) where status < 20',
      'create index task_ended on task (ended_at)',
      `create table speech (
        id text primary key,
        app_id text not null references app,
        request json not null,
        status integer not null,
        key text,
        duration double precision not null default 0,
        subtitles json not null default '[]',
        error_message text not null default '',
        error_reason text not null default '',
        starts integer not null default 0,
        failures integer not null default 0,
        created_at timestamptz not null default now(),
        ended_at timestamptz
      )`,
      'create index speech_open on speech (status) where status = 1',
      'create index speech_ended on speech (ended_at)',
      `create table delivery (
        id text primary key,
        app_id text not null references app,
        task_id text not null,
        url text not null,
        body text not null,
        status text not null default 'pending',
        created_at timestamptz not null default now()
      )`,
      'create index delivery_newest on delivery (app_id, created_at desc)',
      'create index delivery_task on delivery (task_id)',
      `create table delivery_try (
        delivery_id text not null references delivery on delete cascade,
        number integer not null,
        tried_at timestamptz not null default now(),
        http_status integer,
        error text not null,
        duration_ms integer not null,
        primary key (delivery_id, number)
      )`,
      // Counters may be lost in a crash; unlogged they cost a fifth.
      'create unlogged table recent_call (key text primary key, calls timestamptz[] not null)',
      'create table queue_turn (queue text, app_id text, turn integer not null, primary key (queue, app_id))',
      'create table secret (name text primary key, value text not null)',
    ),
  },
  '002-doomed-objects': {
    up: statements(
      'create table doomed_object (key text primary key)',
      'alter table file add column failures integer not null default 0',
    ),
  },
  '003-limits': {
    up: statements(
      'alter table file add column duration double precision, add column picture json',
      'alter table task add column bytes bigint not null default 0',
      'alter table speech add column bytes bigint not null default 0',
      `alter table app add column storage_limit bigint, add column render_seconds_limit double precision,
        add column pixels_limit bigint`,
      `create table upload (
        file_id text primary key references file on delete cascade,
        app_id text not null references app,
        claim text not null,
        bytes bigint not null,
        received bigint not null default 0,
        renewed_at timestamptz not null default clock_timestamp()
      )`,
      `create table render_use (
        task_id text primary key,
        app_id text not null references app,
        seconds double precision not null,
        used_at timestamptz not null default now()
      )`,
      'create index render_use_newest on render_use (app_id, used_at)',
    ),
  },
  '004-sessions-and-reports': {
    up: statements(
      `create table session (
        token_hash text primary key,
        app_id text not null references app on delete cascade,
        expires_at timestamptz not null,
        created_at timestamptz not null default now()
      )`,
      'create index session_app on session (app_id)',
      `create table sign_in_code (
        code_hash text primary key,
        app_id text not null references app on delete cascade,
        expires_at timestamptz not null
      )`,
      'alter table task add column report_key text, add column subtitles_key text',
      'create index file_newest on file (app_id, created_at desc)',
    ),
  },
  '005-direct-uploads': {
    up: statements('alter table file add column arrived_tag text'),
  },
  '006-task-stages': {
    up: statements(
      `alter table task add column stage text not null default '', add column stage_at timestamptz,
        add column stage_progress integer not null default 0, add column worked_at timestamptz,
        add column reason text not null default ''`,
      "alter table file add column reason text not null default ''",
    ),
  },
  '007-segments': {
    up: statements(
      `alter table task add column split_starts integer not null default 0, add column plan json,
        add column finish_job text`,
      `create table segment_run (
        task_id text not null,
        number integer not null,
        job_id text not null,
        first_segment integer not null,
        end_segment integer not null,
        attempts integer not null default 0,
        share double precision not null default 0,
        seconds double precision not null default 0,
        primary key (task_id, number)
      )`,
      'create table segment (task_id text, number integer, key text, cover_key text, primary key (task_id, number))',
      'create table render_place (process text primary key, places integer not null, renewed_at timestamptz not null)',
    ),
  },
};
