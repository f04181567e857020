import { expect, test } from 'vitest';
import { LANDMARK_FLOATS } from '../face/face-track.js';
import { POSE_FLOATS } from '../face/pose.js';
import { type Frame, frameBytes } from '../picture/frame.js';
import { type RenderVideoInput, renderVideo } from './render-video.js';

const SIZE = { width: 16, height: 16 };
const FRAMES = 40;

/** A video without a face, whose frame t is filled with t. */
const faceless = (count: number): Omit<RenderVideoInput, 'write'> => {
  const values = () => new Float32Array(FRAMES);
  const indices = () => new Int32Array(FRAMES);
  return {
    track: {
      ...SIZE,
      fps: 25,
      frameCount: FRAMES,
      landmarks: new Float32Array(FRAMES * LANDMARK_FLOATS),
      poses: new Float64Array(FRAMES * POSE_FLOATS),
      score: values(),
      usable: new Uint8Array(FRAMES),
      shot: new Uint16Array(FRAMES),
    },
    span: { start: 0, end: FRAMES },
    library: { pixels: new Uint8Array(0), donors: [] },
    plan: {
      frameCount: FRAMES,
      source: indices(),
      strength: values(),
      aperture: values(),
      width: values(),
      labiodental: values(),
      tongue: values(),
      jaw: values(),
      baseJaw: values(),
      donor: indices(),
      secondDonor: indices(),
      secondWeight: values(),
      lipOffset: values(),
      lipTone: values(),
      lipLooks: [],
      sharpening: values(),
      person: indices(),
      persons: [],
      guarded: new Uint8Array(FRAMES),
      looks: [],
      insides: [],
    },
    read: async function* (into): AsyncGenerator<Frame> {
      for (let t = 0; t < count; t++) yield { ...SIZE, data: into().fill(t) };
    },
  };
};

test('writes every frame once and in order, however slow the writer', async () => {
  const written: number[] = [];
  await renderVideo({
    ...faceless(FRAMES),
    write: async ({ data }, index) => {
      await new Promise((resolve) => setTimeout(resolve, index % 3));
      expect(data).toHaveLength(frameBytes(SIZE.width, SIZE.height));
      expect(data.every((value) => value === index)).toBe(true);
      written.push(index);
    },
  });
  expect(written).toEqual(Array.from({ length: FRAMES }, (_, t) => t));
});

test('stops at a frame that cannot be written', async () => {
  const written: number[] = [];
  const work = renderVideo({
    ...faceless(FRAMES),
    write: async (_, index) => {
      if (index === 5) throw new Error('disk full');
      written.push(index);
    },
  });
  await expect(work).rejects.toThrow('disk full');
  expect(written).toEqual([0, 1, 2, 3, 4]);
});

test('says where a driving video ended too early', async () => {
  await expect(renderVideo({ ...faceless(7), write: async () => {} })).rejects.toThrow(
    'playback ended at frame 7 of 40',
  );
});
