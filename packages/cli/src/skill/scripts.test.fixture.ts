import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FILE_ID, TASK_ID } from '@chanjing-avatar/test-peer';
import { expect } from 'vitest';
import {
  type ExecuteOptions,
  type Outcome,
  type Site,
  atSite as setUp,
} from '../testing/site.test.fixture.js';

// Runs the scripts as callers do: with python3.

const SKILLS = fileURLToPath(new URL('../../../../skills', import.meta.url));

const GUARD = new Set(['chanjing_config', 'chanjing_get_token', 'open_login_page']);

export const launcherOf = (script: string): string => {
  const skill = GUARD.has(script) ? 'chanjing-credentials-guard' : 'chanjing-avatar';
  return join(SKILLS, skill, 'scripts', `${script}.py`);
};

export type ScriptSite = Site & {
  run(
    script: string,
    args?: readonly string[],
    environment?: Record<string, string>,
    more?: ExecuteOptions,
  ): Promise<Outcome>;
};

export const atSite = (work: (site: ScriptSite) => Promise<void>): Promise<void> =>
  setUp((site) => {
    const run: ScriptSite['run'] = (script, args = [], environment = {}, more = {}) => {
      // -B leaves no compiled files among the skills.
      return site.execute('python3', ['-B', launcherOf(script), ...args], { ...more, environment });
    };
    return work({ ...site, run });
  });

/** Arguments with which each script succeeds, quickly. */
export const UPLOAD: string[] = [
  '--service',
  'lip_sync_video',
  '--file',
  '我的 视频.mp4',
  '--poll-interval',
  '0.05',
];
export const CREATE: string[] = ['--video-file-id', FILE_ID, '--text', '君不见', '--audio-man-id', 'C-1'];
export const POLL: string[] = ['--id', TASK_ID, '--interval', '0.05'];

export const ROUTES = {
  token: 'POST /open/v1/access_token',
  uploadUrl: 'GET /open/v1/common/create_upload_url',
  put: 'PUT /upload',
  file: 'GET /open/v1/common/file_detail',
  create: 'POST /open/v1/video_lip_sync/create',
  detail: 'GET /open/v1/video_lip_sync/detail',
  voices: 'GET /open/v1/list_common_audio',
} as const;

/** The scripts that need an account and a server: arguments with which they succeed, and their own route. */
export const CALLERS: [script: string, args: string[], route: string][] = [
  ['get_upload_url', ['--service', 'lip_sync_video', '--name', '1.mp4'], ROUTES.uploadUrl],
  ['upload_file', UPLOAD, ROUTES.file],
  ['create_task', CREATE, ROUTES.create],
  ['poll_task', POLL, ROUTES.detail],
  ['chanjing_get_token', [], ROUTES.token],
  ['list_voices', [], ROUTES.voices],
];

export const STACK: RegExp = /\n\s+at |Traceback|node:internal/;

/** Exit code 1, an empty standard output, no stack, and this last line (or pattern) on standard error. */
export const expectFailure = (outcome: Outcome, line: string | RegExp): void => {
  if (typeof line === 'string') expect(outcome.err.trim().split('\n').at(-1)).toBe(line);
  else expect(outcome.err).toMatch(line);
  expect(outcome).toMatchObject({ code: 1, out: '' });
  expect(outcome.err).not.toMatch(STACK);
};
