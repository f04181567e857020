import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import pino from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { until } from '../testing/test-server.js';
import { renderProgram } from './render-program.js';

let scratch: string;
beforeAll(async () => {
  scratch = await mkdtemp(path.join(os.tmpdir(), 'chanjing-render-'));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

/** Starts a child in a session of its own, as the engine starts ffmpeg, and writes its number to the output. */
const PROGRAM = `
  import { spawn } from 'node:child_process';
  import { renameSync, writeFileSync } from 'node:fs';
  process.on('message', ({ job }) => {
    const child = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
    writeFileSync(job.output + '.part', String(child.pid));
    renameSync(job.output + '.part', job.output);
    if (job.text === 'crash') process.kill(process.pid, 'SIGKILL');
    if (job.text === 'leave') process.exit(0);
  });`;

const lives = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

it.runIf(process.platform === 'linux')(
  'ends what a killed render started, also in another session, and nothing of other renders',
  async () => {
    const file = path.join(scratch, 'program.mjs');
    await writeFile(file, PROGRAM);
    // Environments are read as bytes: a name beyond ASCII must be found too.
    const program = renderProgram(path.join(scratch, '数据'), pino({ level: 'silent' }), {}, file);
    const abort = new AbortController();
    const start = (text: string, signal?: AbortSignal) => {
      const output = path.join(scratch, text);
      const order = { kind: 'speak', text, voice: 'v', speed: 1, pitch: 1, output } as const;
      const ended = program.run(order, signal ? { signal } : {}).catch((error: unknown) => error);
      return { ended, pid: async () => Number(await until(() => readFile(output, 'utf8').catch(() => ''))) };
    };
    const other = start('stay', abort.signal);
    const otherChild = await other.pid();
    for (const text of ['crash', 'leave']) {
      const killed = start(text);
      expect(await killed.ended).toMatchObject({ code: 'process-died', fault: 'infrastructure' });
      const child = await killed.pid();
      await until(async () => !lives(child));
    }
    expect(lives(otherChild)).toBe(true);
    abort.abort(new Error('enough'));
    expect(await other.ended).toMatchObject({ message: 'enough' });
    await until(async () => !lives(otherChild));
  },
);
