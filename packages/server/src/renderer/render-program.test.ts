import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../testing/test-server.js';
import { type RenderProgram, renderProgram } from './render-program.js';

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

/** Writes its number to the output; some texts make it work, fail or be refused. */
const READER = `
  import { writeFileSync } from 'node:fs';
  process.on('message', async ({ job, stays }) => {
    writeFileSync(job.output, String(process.pid));
    const end = Date.now() + (job.text === 'work' ? 1500 : 0);
    while (Date.now() < end);
    if (job.text === 'rest') await new Promise((resolve) => setTimeout(resolve, 1200));
    if (job.text === 'hang') return;
    const failed = (fault) => ({ type: 'failed', fault, code: 'x', message: 'x' });
    const answers = { break: failed('infrastructure'), refuse: failed('input') };
    process.send(answers[job.text] ?? { type: 'done', result: {} });
    if (!stays) process.exit(0);
  });`;

describe('processes that read texts', () => {
  const settled = async (text: string, reader: RenderProgram, voice = 'v', options = {}): Promise<number> => {
    const output = path.join(scratch, `${text}-${voice}`);
    await reader.run({ kind: 'speak', text, voice, speed: 1, pitch: 1, output }, options).catch(() => {});
    return Number(await readFile(output, 'utf8'));
  };

  const withReader = async (work: (reader: RenderProgram) => Promise<void>): Promise<void> => {
    const file = path.join(scratch, 'reader.mjs');
    await writeFile(file, READER);
    const reader = renderProgram(scratch, pino({ level: 'silent' }), {}, file);
    await work(reader).finally(reader.close);
  };

  it('stay for the next text, also after one that was refused, and end when the server does', async () => {
    let last = 0;
    await withReader(async (reader) => {
      last = await settled('one', reader);
      expect(await settled('refuse', reader)).toBe(last);
      expect(await settled('two', reader)).toBe(last);
      expect(lives(last)).toBe(true);
    });
    expect(lives(last)).toBe(false);
  });

  it('do one job at a time, at most two wait, and a voice finds its own', async () => {
    await withReader(async (reader) => {
      const pids = await Promise.all(['a', 'b', 'c'].map((voice) => settled('one', reader, voice)));
      expect(new Set(pids).size).toBe(3);
      await until(async () => pids.filter(lives).length === 2);
      const voice = ['a', 'b', 'c'][pids.findIndex(lives)]!;
      expect(await settled('two', reader, voice)).toBe(pids.find(lives));
    });
  });

  it('are not used again after a failure, a kill or an abort', async () => {
    await withReader(async (reader) => {
      const broken = await settled('break', reader);
      const killed = await settled('one', reader);
      expect(killed).not.toBe(broken);
      process.kill(killed, 'SIGKILL');
      await until(async () => !lives(killed));
      const abort = new AbortController();
      const begun = until(() => readFile(path.join(scratch, 'hang-v'), 'utf8').catch(() => ''));
      void begun.then(() => abort.abort());
      const hung = await settled('hang', reader, 'v', { signal: abort.signal });
      expect(hung).not.toBe(killed);
      expect(await settled('two', reader)).not.toBe(hung);
    });
  });

  it.runIf(process.platform === 'linux')('are charged for the job alone, not for those before', async () => {
    await withReader(async (reader) => {
      const worked = await settled('work', reader);
      const limits = () => ({ cpuSeconds: 1, memoryBytes: 1024 ** 3 });
      const output = path.join(scratch, 'later');
      const order = { kind: 'speak', text: 'rest', voice: 'v', speed: 1, pitch: 1, output } as const;
      await reader.run(order, { limits });
      expect(Number(await readFile(output, 'utf8'))).toBe(worked);
    });
  });
});
