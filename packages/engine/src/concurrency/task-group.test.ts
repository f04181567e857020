import { expect, test } from 'vitest';
import { taskGroup } from './task-group.js';

const untilStopped = (signal: AbortSignal, ended: { yes?: boolean }) =>
  new Promise<never>((_, reject) =>
    signal.addEventListener('abort', () => {
      ended.yes = true;
      reject(signal.reason);
    }),
  );

test('gives both results', async () => {
  expect(
    await taskGroup(
      undefined,
      async () => 1,
      async () => 'b',
    ),
  ).toEqual([1, 'b']);
});

test('a failure stops the other work, which has ended when it is thrown', async () => {
  const ended: { yes?: boolean } = {};
  const work = taskGroup(
    undefined,
    async () => {
      throw new Error('first');
    },
    (signal) => untilStopped(signal, ended),
  );
  await expect(work).rejects.toThrow('first');
  expect(ended.yes).toBe(true);
});

test('an abort from outside stops both with its own reason', async () => {
  const controller = new AbortController();
  const ends = [{}, {}] as { yes?: boolean }[];
  const work = taskGroup(
    controller.signal,
    (signal) => untilStopped(signal, ends[0]),
    (signal) => untilStopped(signal, ends[1]),
  );
  controller.abort(new Error('enough'));
  await expect(work).rejects.toThrow('enough');
  expect(ends).toEqual([{ yes: true }, { yes: true }]);
});
