import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lipSync } from '../lip-sync.js';
import { decodeVideo } from '../media/decode-video.js';
import { ffmpeg, WEBCAM_CLIP } from '../media/webcam-clip.test.fixture.js';
import { prepareLipSync } from '../prepare-lip-sync.js';

let directory: string;
const file = (name: string): string => join(directory, name);
const SIZE = { width: 320, height: 240 };

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'clip-part-test-'));
  // Someone else would be seen before the second half: nobody. A key frame every second lets decoding begin late.
  const half = ['-t', '1.6', '-r', '25', '-s', '320x240'];
  ffmpeg('-f', 'lavfi', '-i', 'testsrc2=s=320x240:r=25', '-t', '2', file('nobody.mp4'));
  ffmpeg('-ss', '2', '-i', WEBCAM_CLIP, ...half, '-an', file('somebody.mp4'));
  ffmpeg(
    ...['-i', file('nobody.mp4'), '-i', file('somebody.mp4')],
    ...['-filter_complex', '[0:v][1:v]concat=n=2', '-g', '25', '-crf', '12', file('clip.mp4')],
  );
  ffmpeg('-f', 'lavfi', '-i', 'sine=200:d=2', file('hum.wav'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const wish = () => ({ video: file('clip.mp4'), speech: { audio: file('hum.wav') }, output: file('out.mp4') });

/** Rows above the face, where nothing is drawn. */
const topOf = (data: Uint8Array): Uint8Array => data.slice(0, 40 * SIZE.width);

const topOfFrame = async (path: string, start: number): Promise<Uint8Array> => {
  for await (const frame of decodeVideo(path, { ...SIZE, fps: 25, start, count: 1 }))
    return topOf(frame.data);
  throw new Error(`no frame ${start} in ${path}`);
};

const difference = (a: Uint8Array, b: Uint8Array): number =>
  a.reduce((sum, value, i) => sum + Math.abs(value - b[i]), 0) / a.length;

describe('a part of a clip', () => {
  it('is all that is tracked, and begins and ends where it was said', async () => {
    const { track, playback } = await prepareLipSync({ ...wish(), clipStart: 2.04, clipEnd: 3.2 });
    expect(track.frameCount).toBe(29);
    // Without the part before, which shows nobody.
    expect(track.usable.every((usable) => usable === 1)).toBe(true);
    expect(Math.max(...playback)).toBe(28);
  });

  it('is what the video shows, to the frame, and the report counts frames of the whole clip', async () => {
    const { timeline } = await lipSync({ ...wish(), clipStart: 2.04, clipEnd: 3.2, backway: 2 });
    expect(timeline.sourceFrame[0]).toBe(51);
    expect([Math.min(...timeline.sourceFrame), Math.max(...timeline.sourceFrame)]).toEqual([51, 79]);
    const shown = await topOfFrame(file('out.mp4'), 0);
    expect(difference(shown, await topOfFrame(file('clip.mp4'), 51))).toBeLessThan(3);
    expect(difference(shown, await topOfFrame(file('clip.mp4'), 0))).toBeGreaterThan(20);
  });

  it('goes to the end where its end is beyond', async () => {
    const { track } = await prepareLipSync({ ...wish(), clipStart: 2, clipEnd: 60 });
    expect(track.frameCount).toBe(40);
  });

  it('is refused where too little of the clip remains', async () => {
    await expect(prepareLipSync({ ...wish(), clipStart: 3.2 })).rejects.toThrow(
      /^clipStart is 3\.2\. A part of at least 1 s of the video, which has 3\.6 s, was expected\./,
    );
  });

  it('chooses a face of the part', async () => {
    const { track } = await prepareLipSync({ ...wish(), clipStart: 2, face: 1 });
    expect(track.usable.every((usable) => usable === 1)).toBe(true);
  });
});
