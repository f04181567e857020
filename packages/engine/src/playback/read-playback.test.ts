import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeMedia, numberedSource, readNumber } from '../media/numbered-video.test.fixture.js';
import { frameBytes } from '../picture/frame.js';
import { planPlayback } from './playback-plan.js';
import { readPlayback } from './read-playback.js';

// Large enough that 96 MB hold about 30 frames, so that a short video is read in pieces.
const SIZE = { width: 1920, height: 1080 };
const FRAMES = 70;

/** Picture shown at each place of the grid, for frames at these times: the last one due, to the nearest place. */
const onGrid = (times: readonly number[], fps: number, places: number): number[] =>
  Array.from({ length: places }, (_, place) =>
    times.findLastIndex((time) => Math.round((time - times[0]) * fps) <= place),
  );

let directory: string;
const at = (name: string): string => join(directory, name);

const X264 = [
  '-c:v',
  'libx264',
  '-preset',
  'fast',
  '-qp',
  '10',
  '-bf',
  '3',
  '-g',
  '24',
  '-pix_fmt',
  'yuv420p',
];

/** When frame n of the variable-rate video is shown, in seconds. */
const unevenTime = (n: number): number => n / 30 + ((n * 7) % 5) * 0.006;

const makeVariableRate = (): Promise<void> => {
  const times = ['-vf', 'settb=1/90000,setpts=(N/30+mod(N*7\\,5)*0.006)/TB', '-vsync', 'passthrough'];
  const clock = ['-enc_time_base', '1:90000', '-video_track_timescale', '90000'];
  return makeMedia(...numberedSource(FRAMES, '60'), ...times, ...X264, ...clock, at('variable.mp4'));
};

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'playback-test-'));
  const vp9 = ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-g', '24'];
  await Promise.all([
    makeMedia(...numberedSource(FRAMES, '25'), ...X264, at('b-frames.mp4')),
    makeMedia(...numberedSource(FRAMES, '30000/1001'), ...X264, at('ntsc.mov')),
    makeMedia(...numberedSource(FRAMES, '30000/1001'), ...vp9, at('vp9.webm')),
    makeMedia(
      ...numberedSource(FRAMES, '25'),
      '-c:v',
      'mpeg2video',
      '-bf',
      '2',
      '-q:v',
      '2',
      at('program.mpg'),
    ),
    makeMedia(...numberedSource(FRAMES, '25'), '-c:v', 'mpeg4', '-bf', '2', '-q:v', '2', at('b-frames.avi')),
    makeMedia(...numberedSource(FRAMES, '25'), ...X264, at('h264.avi')),
    makeMedia(...numberedSource(FRAMES, '25'), ...X264, '-x264-params', 'open-gop=1', at('transport.ts')),
    makeVariableRate(),
  ]);
  await makeMedia('-i', at('b-frames.mp4'), '-c', 'copy', '-live', '1', at('no-cues.mkv'));
  // Sound that begins before the picture, by half a frame.
  await makeMedia(
    ...['-itsoffset', '0.02', '-i', at('b-frames.mp4'), '-f', 'lavfi', '-i', 'sine=d=4'],
    ...['-map', '0:v', '-map', '1:a', '-c:v', 'copy', '-c:a', 'aac', at('late-picture.mp4')],
  );
});

afterAll(() => rm(directory, { recursive: true, force: true }));

const numbersOf = async (name: string, plan: Int32Array, fps: number, size = SIZE): Promise<number[]> => {
  const numbers: number[] = [];
  for await (const frame of readPlayback(at(name), plan, { ...size, fps })) {
    expect(frame.sourceIndex).toBe(plan[numbers.length]);
    numbers.push(readNumber(frame));
  }
  return numbers;
};

describe('readPlayback', () => {
  it.each([
    ['b-frames.mp4', 25],
    ['ntsc.mov', 30000 / 1001],
    ['vp9.webm', 30000 / 1001],
    ['no-cues.mkv', 25],
    ['late-picture.mp4', 25],
    ['program.mpg', 25],
    ['b-frames.avi', 25],
    ['h264.avi', 25],
    ['transport.ts', 25],
  ])('shows every frame of %s in the order of the plan, back and forth', async (name, fps) => {
    const plan = planPlayback({ sourceFrames: FRAMES, outputFrames: 115, backway: 2, startFrame: 41 });
    expect(await numbersOf(name, plan, fps)).toEqual([...plan]);
  });

  it('starts a video again after its last frame', async () => {
    const plan = planPlayback({ sourceFrames: FRAMES, outputFrames: 80, backway: 1, startFrame: 45 });
    expect(await numbersOf('b-frames.mp4', plan, 25)).toEqual([...plan]);
  });

  it('shows the same picture of a variable-rate video in both directions', async () => {
    const times = Array.from({ length: FRAMES }, (_, n) => unevenTime(n));
    const places = 56;
    const pictures = onGrid(times, 25, places);
    const plan = planPlayback({ sourceFrames: places, outputFrames: 80, backway: 2, startFrame: 30 });
    const expected = [...plan].map((place) => pictures[place]);
    expect(await numbersOf('variable.mp4', plan, 25)).toEqual(expected);
  });

  it('keeps a short video in memory and repeats it', async () => {
    const plan = planPlayback({ sourceFrames: FRAMES, outputFrames: 350, backway: 2, startFrame: 10 });
    expect(await numbersOf('program.mpg', plan, 25, { width: 160, height: 96 })).toEqual([...plan]);
  });

  it('puts the frames where the caller wants them', async () => {
    const bytes = frameBytes(SIZE.width, SIZE.height);
    const slots = [0, 1, 2].map(() => new Uint8Array(new SharedArrayBuffer(bytes)));
    const plan = planPlayback({ sourceFrames: FRAMES, outputFrames: 100, backway: 2 });
    let output = 0;
    const into = (index: number): Uint8Array => slots[index % slots.length];
    for await (const frame of readPlayback(at('b-frames.mp4'), plan, { ...SIZE, fps: 25, into })) {
      expect(frame.data).toBe(slots[output % slots.length]);
      expect(readNumber(frame)).toBe(plan[output]);
      output += 1;
    }
    expect(output).toBe(100);
  });

  it('says so when the plan goes beyond the video', async () => {
    const plan = planPlayback({ sourceFrames: FRAMES + 30, outputFrames: FRAMES + 30, backway: 1 });
    await expect(numbersOf('b-frames.mp4', plan, 25)).rejects.toThrow(/ended before frame 100/);
  });

  it('stops when it is aborted', async () => {
    const controller = new AbortController();
    const plan = planPlayback({ sourceFrames: FRAMES, outputFrames: 500, backway: 2 });
    const read = async (): Promise<void> => {
      for await (const { sourceIndex } of readPlayback(at('b-frames.mp4'), plan, {
        ...SIZE,
        fps: 25,
        signal: controller.signal,
      }))
        if (sourceIndex === 50) controller.abort(new Error('enough'));
    };
    await expect(read()).rejects.toThrow('enough');
  });
});
