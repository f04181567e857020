import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { DonorLibrary } from './donor-library.js';
import { readDonorLibrary, writeDonorLibrary } from './donor-library-file.js';
import { PATCH_HEIGHT, PATCH_WIDTH } from './mouth-patch.js';

const directory = mkdtempSync(join(tmpdir(), 'donors-'));
const path = join(directory, 'clip.donors');
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const plane = (seed: number) =>
  Uint8Array.from({ length: PATCH_WIDTH * PATCH_HEIGHT }, (_, i) => (seed * 31 + i) % 256);

const library: DonorLibrary = {
  pixels: Uint8Array.from({ length: 48 }, (_, i) => i),
  donors: [0, 1].map((k) => ({
    frame: 7 + k,
    x: 2,
    y: 4,
    width: 4,
    height: 4,
    offset: 24 * k,
    teeth: 0.125 * k,
    patch: { luma: plane(k), u: plane(k + 10), v: plane(k + 20) },
  })),
};

test('a library comes back as it was written, its pixels in shared memory', async () => {
  await writeDonorLibrary(path, library);
  const read = await readDonorLibrary(path);
  expect(read?.donors).toEqual(library.donors);
  expect([...(read?.pixels ?? [])]).toEqual([...library.pixels]);
  expect(read?.pixels.buffer).toBeInstanceOf(SharedArrayBuffer);
});

test('a damaged, cut or absent file reads as absent', async () => {
  const bytes = readFileSync(path);
  expect(await readDonorLibrary(join(directory, 'other'))).toBeUndefined();
  writeFileSync(path, bytes.subarray(0, 100));
  expect(await readDonorLibrary(path)).toBeUndefined();
  bytes[60] ^= 1;
  writeFileSync(path, bytes);
  expect(await readDonorLibrary(path)).toBeUndefined();
});
