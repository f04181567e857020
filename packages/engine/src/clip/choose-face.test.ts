import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FaceNotFoundError } from '../errors/face-not-found-error.js';
import { ParameterError } from '../errors/parameter-error.js';
import { LANDMARK_FLOATS } from '../face/face-track.js';
import type { FaceChoice } from '../lip-sync-options.js';
import { ffmpeg, WEBCAM_CLIP } from '../media/webcam-clip.test.fixture.js';
import { StageClock } from '../progress/stage-clock.js';
import { findFace, openSource } from './driving-clip.js';
import { inspectVideo } from './inspect.js';

let directory: string;
const at = (name: string): string => join(directory, name);

/** A large face on the left, a small one in the middle, and a middling one on the right that is mirrored. */
const THREE =
  '[0]split=3[a][b][c];[a]scale=640:480,pad=1280:480[l];[b]scale=200:150[m];[c]scale=320:240,hflip[r];' +
  '[l][m]overlay=680:20[lm];[lm][r]overlay=920:200';

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'choose-face-'));
  ffmpeg(
    '-ss',
    '2',
    '-t',
    '1',
    '-i',
    WEBCAM_CLIP,
    '-filter_complex',
    THREE,
    '-an',
    '-r',
    '25',
    at('three.mp4'),
  );
  ffmpeg('-i', at('three.mp4'), '-frames:v', '1', at('three.png'));
});

afterAll(() => rmSync(directory, { recursive: true }));

/** The nose of the face that is followed in the first frame, as shares of the frame. */
const noseOf = async (
  face: FaceChoice | undefined,
  name = 'three.mp4',
  size = {},
): Promise<[number, number]> => {
  const source = await openSource({ video: at(name), face, ...size });
  const { track } = await findFace(source, 1, {}, new StageClock({}));
  const [x, y] = track.landmarks.subarray(3, LANDMARK_FLOATS);
  return [x / track.width, y / track.height];
};

describe('several faces in the picture', () => {
  it('are listed from left to right, with boxes', async () => {
    const { width, height, faces } = await inspectVideo(at('three.mp4'), { maxSeconds: 60 });
    expect([width, height]).toEqual([1280, 480]);
    expect(faces).toHaveLength(3);
    const [large, small, middling] = faces;
    expect(large.x + large.width).toBeLessThan(small.x);
    expect(small.x + small.width).toBeLessThan(middling.x);
    expect(small.width).toBeLessThan(middling.width);
    expect(middling.width).toBeLessThan(large.width);
    expect(small.y).toBeGreaterThan(20);
    expect(small.y + small.height).toBeLessThan(170);
  });

  it('can be chosen by their number, and the largest speaks by default', async () => {
    expect((await noseOf(undefined))[0]).toBeLessThan(0.5);
    const places = [];
    for (const face of [1, 2, 3]) places.push(await noseOf(face));
    expect(places[0][0]).toBeLessThan(0.5);
    expect(places[1][0]).toBeGreaterThan(680 / 1280);
    expect(places[1][0]).toBeLessThan(880 / 1280);
    expect(places[1][1]).toBeLessThan(170 / 480);
    expect(places[2][0]).toBeGreaterThan(920 / 1280);
    expect((await noseOf(2, 'three.png'))[0]).toBeCloseTo(places[1][0], 1);
  });

  it('can be chosen by a point, in shares and in pixels, near enough', async () => {
    const [byShare] = await noseOf({ x: 0.6, y: 0.2 });
    expect(byShare).toBeGreaterThan(680 / 1280);
    expect(byShare).toBeLessThan(880 / 1280);
    const [byPixel] = await noseOf({ x: 1100, y: 340 });
    expect(byPixel).toBeGreaterThan(920 / 1280);
  });

  it('are kept in a picture that is cropped around the chosen one', async () => {
    const [x, y] = await noseOf(2, 'three.mp4', { width: 128, height: 256 });
    expect(x).toBeGreaterThan(0.3);
    expect(x).toBeLessThan(0.7);
    expect(y).toBeLessThan(170 / 480);
  });

  it('are not mistaken for one that is not there', async () => {
    await expect(noseOf(4)).rejects.toThrow(ParameterError);
    await expect(noseOf(4)).rejects.toThrow('3 faces are seen');
    await expect(noseOf({ x: 2000, y: 100 })).rejects.toThrow('1280x480');
    await expect(noseOf({ x: 0.72, y: 0.98 })).rejects.toThrow(FaceNotFoundError);
    await expect(noseOf({ x: 0.72, y: 0.98 })).rejects.toThrow('at the chosen place');
  });
});
