import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VoiceFailedError } from '../errors/voice-failed-error.js';
import { createSpeechWorker, type SpeechWorker } from './speech-worker.js';

/** A worker program that does what its orders say: answer, crash, hang, talk nonsense, refuse. */
const PROGRAM = `
import { createInterface } from 'node:readline';
for await (const line of createInterface({ input: process.stdin })) {
  const { id, act } = JSON.parse(line);
  if (act === 'crash') { console.error('out of luck'); process.exit(3); }
  else if (act === 'hang') { for (;;); }
  else if (act === 'nonsense') console.log('Segmentation fault?');
  else if (act === 'stranger') console.log(JSON.stringify({ id: id + 77 }));
  else if (act === 'slow') { await new Promise((done) => setTimeout(done, 900)); console.log(JSON.stringify({ id })); }
  else if (act === 'refuse') console.log(JSON.stringify({ id, error: 'no such voice.' }));
  else console.log(JSON.stringify({ id, pid: process.pid }));
}`;

let folder: string;
let program: string;
let worker: SpeechWorker;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'speech-worker-'));
  program = join(folder, 'program.mjs');
  await writeFile(program, PROGRAM);
  const remedy = 'Try again.';
  worker = createSpeechWorker({ provider: 'test', program, timeoutSeconds: 5, idleSeconds: 0.3, remedy });
});

afterEach(async () => {
  await worker.close();
  await rm(folder, { recursive: true });
});

const pid = async (): Promise<number> => ((await worker.ask({ act: 'answer' })) as { pid: number }).pid;

const lives = (process_: number): boolean => {
  try {
    process.kill(process_, 0);
    return true;
  } catch {
    return false;
  }
};

describe('createSpeechWorker', () => {
  it('uses one process for many orders', async () => {
    expect(new Set(await Promise.all([pid(), pid(), pid()])).size).toBe(1);
  });

  it.each([
    ['crash', /ended \(code 3\): out of luck/],
    ['hang', /no answer within 5 s/],
    ['nonsense', /nonsense \("Segmentation fault\?"\)/],
    ['stranger', /not asked/],
  ])('reports a %s clearly, ends the process and starts a new one', async (act, message) => {
    const before = await pid();
    const failed = worker.ask({ act });
    await expect(failed).rejects.toThrow(VoiceFailedError);
    await expect(failed).rejects.toThrow(message);
    expect(await pid()).not.toBe(before);
    expect(lives(before)).toBe(false);
  });

  it('is patient with each order from its turn on', async () => {
    await pid();
    // 0.9 s each: together longer than one may take.
    await Promise.all([1, 2, 3, 4, 5, 6].map(() => worker.ask({ act: 'slow' })));
    expect(worker.busy).toBe(false);
  });

  it('passes on a refusal and keeps the process', async () => {
    const before = await pid();
    await expect(worker.ask({ act: 'refuse' })).rejects.toThrow('no such voice');
    expect(await pid()).toBe(before);
  });

  it('stops waiting when aborted', async () => {
    const abort = new AbortController();
    const waiting = worker.ask({ act: 'hang' }, abort.signal);
    abort.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
  });

  it('ends the process when idle and when closed', async () => {
    const first = await pid();
    await sleep(600);
    expect(lives(first)).toBe(false);
    const second = await pid();
    await worker.close();
    expect(lives(second)).toBe(false);
  });

  it('does not outlive its parent, however that ends', async () => {
    const owner = join(folder, 'owner.mjs');
    const module = new URL('./speech-worker.js', import.meta.url).href;
    await writeFile(
      owner,
      `import { createSpeechWorker } from ${JSON.stringify(module)};
       const worker = createSpeechWorker({ provider: 'x', program: ${JSON.stringify(program)}, timeoutSeconds: 9, idleSeconds: 99, remedy: '' });
       console.log((await worker.ask({ act: 'answer' })).pid);
       setInterval(() => {}, 1000);`,
    );
    const parent = spawn(process.execPath, [owner], { stdio: ['ignore', 'pipe', 'inherit'] });
    const child = await new Promise<number>((resolve) =>
      parent.stdout.once('data', (line) => resolve(Number(line))),
    );
    expect(lives(child)).toBe(true);
    parent.kill('SIGKILL');
    for (let wait = 0; wait < 50 && lives(child); wait++) await sleep(50);
    expect(lives(child)).toBe(false);
  });
});
