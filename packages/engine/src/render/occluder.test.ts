import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ffmpeg, WEBCAM_CLIP } from '../media/webcam-clip.test.fixture.js';
import type { Frame } from '../picture/frame.js';
import { readPlayback } from '../playback/read-playback.js';
import { type LipSyncJob, prepareLipSync } from '../prepare-lip-sync.js';
import { FrameRenderer } from './render-frame.js';

/** A finger-like bar that comes from the left to the lower lip and goes again: where its tip is at a second, pixels. */
const TIP = { from: 1.4, to: 2.6, start: 110, far: 203 };
const BAR = { width: 90, height: 14, top: 211 };
const tipAt = (seconds: number): number => {
  const { from, to, start, far } = TIP;
  const way = 1 - Math.abs((2 * (seconds - from)) / (to - from) - 1);
  return way <= 0 ? 0 : start + (far - start) * way;
};

let directory: string;
let job: LipSyncJob;
let frames: { readonly before: Frame; readonly after: Frame }[];

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'occluder-test-'));
  const { from, to, start, far } = TIP;
  const way = `(1-abs(2*(t-${from})/${to - from}-1))`;
  const x = `if(gt(${way},0),${start - BAR.width}+${far - start}*${way},-${BAR.width})`;
  ffmpeg(
    ...[
      '-ss',
      '2',
      '-i',
      WEBCAM_CLIP,
      '-f',
      'lavfi',
      '-i',
      `color=0x7d5138:s=${BAR.width}x${BAR.height}:r=25,noise=alls=50`,
    ],
    ...['-filter_complex', `[0]fps=25[v];[v][1]overlay=x='${x}':y=${BAR.top}:eval=frame`],
    ...['-t', '4', '-crf', '8', join(directory, 'hand.mp4')],
  );
  const speech = { text: 'Mama bought a big pumpkin pie. Five people will move to the room above.' };
  job = await prepareLipSync({
    video: join(directory, 'hand.mp4'),
    speech,
  });
  const { track, library, plan, source, playback } = job;
  const renderer = new FrameRenderer(track, library, plan);
  frames = [];
  const decoding = { ...source.picture, fps: source.fps, probe: source.media };
  for await (const frame of readPlayback(source.path, playback, decoding)) {
    const before = { ...frame, data: frame.data.slice() };
    const after = { ...frame, data: frame.data.slice() };
    if (frames.length >= 100) break;
    renderer.render(after, frames.length);
    frames.push({ before, after });
  }
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Mean difference of luma within a rectangle of output frame `t`. */
const change = (t: number, left: number, top: number, right: number, bottom: number): number => {
  const { before, after } = frames[t];
  let sum = 0;
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      sum += Math.abs(before.data[y * before.width + x] - after.data[y * before.width + x]);
    }
  }
  return sum / ((bottom - top) * (right - left));
};

const besideMouth = () =>
  [...frames.keys()].filter((t) => job.plan.strength[t] > 0 && tipAt((job.plan.source[t] + 0.5) / 25) > 180);

// The bar's own grain differs by about 25 from pixel to pixel: without a mask it is warped and painted over, by 12 and more.
test('what passes the mouth stays as it is, in front, while the lips beside it move', () => {
  const times = besideMouth();
  expect(times.length).toBeGreaterThan(6);
  for (const t of times) {
    const tip = Math.floor(tipAt((job.plan.source[t] + 0.5) / 25));
    expect(change(t, tip - 14, BAR.top + 3, tip - 4, BAR.top + BAR.height - 3), `frame ${t}`).toBeLessThan(7);
  }
  const moved = times.filter((t) => change(t, 205, 200, 226, 212) > 4);
  expect(moved.length).toBeGreaterThan(times.length / 3);
});

test('no mouth is taken from a frame with something before it', () => {
  const taken = [...job.plan.donor, ...job.plan.secondDonor]
    .filter((d) => d >= 0)
    .map((d) => job.library.donors[d].frame);
  expect(taken.length).toBeGreaterThan(20);
  for (const frame of taken) expect(tipAt((frame + 0.5) / 25), `frame ${frame}`).toBeLessThan(190);
});
