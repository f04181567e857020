import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { frameBytes } from '../picture/frame.js';
import { writeCover } from './cover.js';
import { decodeVideo } from './decode-video.js';
import { createOutputFile } from './output-file.js';
import { probe } from './probe.js';

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'cover-test-'));
});

afterAll(() => rm(directory, { recursive: true, force: true }));

it('writes a jpg of the asked size with the colours of the frame', async () => {
  const path = join(directory, 'cover.jpg');
  const data = new Uint8Array(frameBytes(160, 96))
    .fill(63, 0, 15360)
    .fill(102, 15360, 19200)
    .fill(240, 19200);
  const file = await createOutputFile(path);
  await writeCover(file, { width: 160, height: 96, data }, { width: 320, height: 192 });
  await file.commit();
  expect(await probe(path)).toMatchObject({ kind: 'still', width: 320, height: 192 });
  for await (const frame of decodeVideo(path, { width: 320, height: 192, fps: 25 })) {
    expect(Math.abs(frame.data[0] - 63)).toBeLessThanOrEqual(3);
    expect(Math.abs(frame.data[320 * 192] - 102)).toBeLessThanOrEqual(3);
    expect(Math.abs(frame.data[frame.data.length - 1] - 240)).toBeLessThanOrEqual(3);
  }
});
