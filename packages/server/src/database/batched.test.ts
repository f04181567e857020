import { expect, it } from 'vitest';
import { batched } from './batched.js';

it('asks once for what many want at once, and begins every query after its keys were wanted', async () => {
  const queries: string[][] = [];
  let version = 1;
  const read = batched<string, string>(async (keys) => {
    queries.push(keys);
    const seen = version;
    await new Promise((resolve) => setTimeout(resolve, 20));
    return new Map(keys.filter((key) => key !== 'none').map((key) => [key, `${key}${seen}`]));
  });
  const first = Promise.all([read('a'), read('a'), read('b'), read('none')]);
  await new Promise((resolve) => setTimeout(resolve, 5));
  version = 2;
  const later = Promise.all([read('a'), read('c')]);
  expect(await first).toEqual(['a1', 'a1', 'b1', undefined]);
  expect(await later).toEqual(['a2', 'c2']);
  expect(queries).toEqual([
    ['a', 'b', 'none'],
    ['a', 'c'],
  ]);
});

it('tells all who wait of a failure, and goes on', async () => {
  let broken = true;
  const read = batched<string, string>(async (keys) => {
    if (broken) throw new Error('away');
    return new Map(keys.map((key) => [key, 'here']));
  });
  const both = await Promise.allSettled([read('a'), read('b')]);
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  broken = false;
  expect(await read('a')).toBe('here');
});
