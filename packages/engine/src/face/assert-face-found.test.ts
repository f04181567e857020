import { describe, expect, it } from 'vitest';
import { assertFaceFound } from './assert-face-found.js';
import { LANDMARK_FLOATS } from './face-track.js';

const trackOf = (...score: number[]) => ({
  width: 64,
  height: 64,
  fps: 25,
  frameCount: score.length,
  landmarks: new Float32Array(score.length * LANDMARK_FLOATS),
  score: Float32Array.from(score),
  usable: new Uint8Array(score.length),
  shot: new Uint16Array(score.length),
  poses: new Float64Array(0),
});

describe('a track without a usable face', () => {
  it('holds no face at all where the mesh was never sure of one', () => {
    expect(() => assertFaceFound(trackOf(0, 0.64, 0.32))).toThrow('No face was found in any of the 3 frames');
    expect(() => assertFaceFound(trackOf(0.6))).toThrow('No face was found in the only frame');
  });

  it('says in how many frames a face was too small, turned away or covered', () => {
    expect(() => assertFaceFound(trackOf(0.99, 0.5, 0.97))).toThrow('A face was found in 2 of the 3 frames');
  });

  it('says where it was looked for', () => {
    expect(() => assertFaceFound(trackOf(0), ' at the chosen place')).toThrow(
      'No face was found at the chosen place in the only frame',
    );
  });
});
