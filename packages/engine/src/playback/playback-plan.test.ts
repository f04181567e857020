import { describe, expect, it } from 'vitest';
import { planPlayback } from './playback-plan.js';

describe('planPlayback', () => {
  it('starts again from the first frame with backway 1', () => {
    expect([...planPlayback({ sourceFrames: 3, outputFrames: 8, backway: 1 })]).toEqual([
      0, 1, 2, 0, 1, 2, 0, 1,
    ]);
  });

  it('runs back and forth with backway 2, showing each end once per turn', () => {
    expect([...planPlayback({ sourceFrames: 4, outputFrames: 11, backway: 2 })]).toEqual([
      0, 1, 2, 3, 2, 1, 0, 1, 2, 3, 2,
    ]);
  });

  it('begins at any frame', () => {
    expect([...planPlayback({ sourceFrames: 4, outputFrames: 6, backway: 1, startFrame: 2 })]).toEqual([
      2, 3, 0, 1, 2, 3,
    ]);
    expect([...planPlayback({ sourceFrames: 4, outputFrames: 6, backway: 2, startFrame: 2 })]).toEqual([
      2, 3, 2, 1, 0, 1,
    ]);
  });

  it('holds a still picture', () => {
    expect([...planPlayback({ sourceFrames: 1, outputFrames: 3, backway: 2 })]).toEqual([0, 0, 0]);
    expect([...planPlayback({ sourceFrames: 1, outputFrames: 3, backway: 1 })]).toEqual([0, 0, 0]);
  });
});
