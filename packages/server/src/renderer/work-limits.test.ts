import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pino from 'pino';
import { afterAll, expect, it } from 'vitest';
import { STAND_IN_PROGRAM } from '../testing/test-server.js';
import type { ProgramJob } from './messages.js';
import { renderProgram } from './render-program.js';
import { checkLimits, renderLimits } from './work-limits.js';

const scratch = mkdtempSync(path.join(os.tmpdir(), 'chanjing-limits-'));

const speak = (text: string): Extract<ProgramJob, { kind: 'speak' }> => ({
  kind: 'speak',
  text,
  voice: 'en-1',
  speed: 1,
  pitch: 1,
  output: path.join(scratch, 'speech.wav'),
});

const program = renderProgram(scratch, pino({ level: 'silent' }), {}, STAND_IN_PROGRAM);
afterAll(async () => {
  await program.close();
  rmSync(scratch, { recursive: true, force: true });
});
const GIGABYTE = 1024 ** 3;

it.each([
  ['burn', { cpuSeconds: 1, memoryBytes: GIGABYTE }, 'more than 1 s of computing'],
  ['hoard', { cpuSeconds: 600, memoryBytes: GIGABYTE / 2 }, 'more than 0.5 GB of memory'],
])(
  'ends a job that takes more than it may (%s)',
  async (text, limits, what) => {
    const job = program.run(speak(text), { limits: () => limits });
    await expect(job).rejects.toMatchObject({
      fault: 'input',
      code: 'too-costly',
      message: expect.stringContaining(what),
    });
  },
  60_000,
);

it('lets a job within its limits be', async () => {
  const limits = () => ({ cpuSeconds: 60, memoryBytes: GIGABYTE });
  expect(await program.run(speak('hello'), { limits })).toMatchObject({ seconds: 1 });
}, 60_000);

it('allows what length and size can explain', () => {
  const film = { seconds: 600, width: 1920, height: 1080 };
  const tiny = { seconds: 30, width: 64, height: 64 };
  expect(checkLimits(27_000, tiny).cpuSeconds).toBeLessThan(300);
  expect(checkLimits(1e9, film).cpuSeconds).toBeGreaterThan(600);
  expect(renderLimits(film, film).cpuSeconds).toBeGreaterThan(20 * renderLimits(tiny, tiny).cpuSeconds);
});
