import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readValueFile, writeValueFile } from './value-file.js';

const directory = mkdtempSync(join(tmpdir(), 'value-file-'));
const path = join(directory, 'value');
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const shared = new Float32Array(new SharedArrayBuffer(12));
shared.set([0.1, -2.5, 1e-30]);
const value = {
  name: '名前',
  exact: 0.1 + 0.2,
  nested: [{ odd: Uint8Array.of(1, 2, 3) }, { wide: Float64Array.of(Math.PI, Number.NaN) }],
  window: new Int32Array(Int32Array.of(9, -8, 7, 6).buffer, 4, 2),
  shared,
  none: new Uint16Array(0),
  list: [1, undefined, 3],
  absent: undefined,
};

test('a value comes back as it was written, its arrays in shared memory', async () => {
  await writeValueFile(path, 'MARK1', value);
  const read = await readValueFile<typeof value>(path, 'MARK1');
  expect(read).toEqual({ ...value, window: Int32Array.of(-8, 7) });
  expect(read?.list[1]).toBe(undefined);
  expect(read?.nested[1].wide?.buffer).toBeInstanceOf(SharedArrayBuffer);
});

test('a damaged, cut or absent file, and one of another version, reads as absent', async () => {
  const bytes = readFileSync(path);
  expect(await readValueFile(path, 'MARK2')).toBeUndefined();
  expect(await readValueFile(join(directory, 'other'), 'MARK1')).toBeUndefined();
  writeFileSync(path, bytes.subarray(0, -1));
  expect(await readValueFile(path, 'MARK1')).toBeUndefined();
  bytes[60] ^= 1;
  writeFileSync(path, bytes);
  expect(await readValueFile(path, 'MARK1')).toBeUndefined();
});

test('a number that JSON cannot hold is refused, not changed', async () => {
  await expect(writeValueFile(path, 'MARK1', { far: Number.POSITIVE_INFINITY })).rejects.toThrow('finite');
});
