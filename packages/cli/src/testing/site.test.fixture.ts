import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Peer } from '@chanjing-avatar/test-peer';
import { startPeer } from '@chanjing-avatar/test-peer';

/** Environment in which the command line's clock runs thirty times faster. */
export const FAST_CLOCK: Record<string, string> = {
  NODE_OPTIONS: `--import=${new URL('fast-clock.test.fixture.js', import.meta.url).href}`,
};

/** The built command line. */
export const MAIN: string = fileURLToPath(new URL('../main.js', import.meta.url));

export type Outcome = { code: number | null; out: string; err: string };

export type ExecuteOptions = {
  environment?: Record<string, string>;
  input?: string;
  /** Sends SIGINT as soon as this is on standard error. */
  interruptWhen?: RegExp;
  /** Sends SIGINT as soon as this is done. */
  interruptAfter?: Promise<unknown>;
  /** Runs as this user. */
  user?: { uid: number; gid: number };
};

/** A server, a directory with some files to upload, and credentials for the server. */
export type Site = {
  peer: Peer;
  /** Working directory: me.mp4, 我的 视频.mp4 and speech.mp3. */
  home: string;
  /** Directory of credentials.json. */
  credentials: string;
  execute(program: string, args: readonly string[], options?: ExecuteOptions): Promise<Outcome>;
};

/** Runs a program to its end. */
export const execute = (
  program: string,
  args: readonly string[],
  {
    directory,
    environment,
    input = '',
    interruptWhen,
    interruptAfter,
    user,
  }: ExecuteOptions & { directory: string },
): Promise<Outcome> =>
  new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: directory,
      env: { PATH: process.env.PATH, LANG: 'en_US.UTF-8', CHANJING_AVATAR_CLI: MAIN, ...environment },
      ...(user ?? {}),
    });
    void interruptAfter?.then(() => child.kill('SIGINT'));
    const texts = { out: '', err: '' };
    child.stdout.on('data', (chunk) => {
      texts.out += chunk;
    });
    child.stderr.on('data', (chunk) => {
      texts.err += chunk;
      if (interruptWhen?.test(texts.err)) child.kill('SIGINT');
    });
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    child.on('close', (code) => resolve({ code, ...texts }));
  });

/** Sets a site up, works there, and clears it away. */
export const atSite = async (work: (site: Site) => Promise<void>): Promise<void> => {
  const peer = await startPeer();
  const home = await mkdtemp(join(tmpdir(), 'site-'));
  const credentials = join(home, 'credentials');
  await mkdir(credentials);
  const keys = { app_id: peer.keys.appId, secret_key: peer.keys.secretKey };
  await writeFile(join(credentials, 'credentials.json'), JSON.stringify({ ...keys, note: 1 }));
  for (const name of ['me.mp4', '我的 视频.mp4', 'speech.mp3']) await writeFile(join(home, name), name);
  const siteEnvironment = {
    HOME: home,
    CHANJING_OPENAPI_BASE_URL: `${peer.url}/`,
    CHANJING_OPENAPI_CREDENTIALS_DIR: credentials,
  };
  const executeHere: Site['execute'] = (program, args, { environment, ...options } = {}) =>
    execute(program, args, {
      ...options,
      directory: home,
      environment: { ...siteEnvironment, ...environment },
    });
  try {
    await work({ peer, home, credentials, execute: executeHere });
  } finally {
    await peer.close();
    await rm(home, { recursive: true, force: true });
  }
};

/** A URL at which nothing listens. */
export const closedPort = async (): Promise<string> => {
  const gone = await startPeer();
  await gone.close();
  return gone.url;
};
