import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FaceNotFoundError } from '../errors/face-not-found-error.js';
import { NoSpeechTrackError } from '../errors/no-speech-track-error.js';
import { StillPictureError } from '../errors/still-picture-error.js';
import { TooLongError } from '../errors/too-long-error.js';
import { lipSync } from '../lip-sync.js';
import { ffmpeg, WEBCAM_CLIP } from '../media/webcam-clip.test.fixture.js';
import { inspectAudio, inspectVideo } from './inspect.js';

let directory: string;
const at = (name: string): string => join(directory, name);

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'inspect-'));
  ffmpeg('-t', '2', '-i', WEBCAM_CLIP, '-an', at('person.mp4'));
});

afterAll(() => rmSync(directory, { recursive: true }));

it('follows the face meanwhile: a video of the same size needs no more of it', async () => {
  const size = { width: 270, height: 480, cacheDirectory: at('cache') };
  const pictures: unknown[] = [];
  const onPicture = (picture: unknown) => void pictures.push(picture);
  const inspected = await inspectVideo(at('person.mp4'), { ...size, maxSeconds: 60, onPicture });
  const { seconds, width, height, face } = inspected;
  expect(seconds).toBeCloseTo(2, 1);
  expect(pictures).toEqual([{ seconds, width, height }]);
  // Measured by eye: about 105 x 130 of 320 x 240 or the like; a face is a little higher than wide.
  expect(face.width / width).toBeGreaterThan(0.1);
  expect(face.height / face.width).toBeGreaterThan(1);
  expect(face.height / face.width).toBeLessThan(1.7);
  const inodes = () => readdirSync(at('cache')).map((name) => statSync(join(at('cache'), name)).ino);
  expect(inodes()).toHaveLength(3);
  const before = inodes();
  await lipSync({ video: at('person.mp4'), speech: { text: 'Hi.' }, output: at('out.mp4'), ...size });
  expect(inodes()).toEqual(before);
});

it('finds a person beside what the size crops away, and one who comes late', async () => {
  const wide = 'scale=320:240,pad=1280:240:960:0';
  ffmpeg('-i', at('person.mp4'), '-vf', wide, at('aside.mp4'));
  await inspectVideo(at('aside.mp4'), { width: 270, height: 480, maxSeconds: 60 });
  ffmpeg('-i', at('person.mp4'), '-vf', 'tpad=start_duration=14', at('late.mp4'));
  await inspectVideo(at('late.mp4'), { maxSeconds: 60 });
});

it('measures a video that does not tell its length, as browsers record them', async () => {
  const live = ['-c:v', 'libvpx', '-deadline', 'realtime', '-f', 'webm', '-live', '1'];
  ffmpeg('-i', at('person.mp4'), ...live, at('live.webm'));
  expect((await inspectVideo(at('live.webm'), { maxSeconds: 60 })).seconds).toBeCloseTo(2, 0);
  await expect(inspectVideo(at('live.webm'), { maxSeconds: 1 })).rejects.toThrow(TooLongError);
});

it('says why a file will not do', async () => {
  ffmpeg('-f', 'lavfi', '-i', 'testsrc=size=320x240:duration=1', at('nobody.mp4'));
  ffmpeg('-i', at('person.mp4'), '-frames:v', '1', at('still.png'));
  const limit = { maxSeconds: 1 };
  await expect(inspectVideo(at('nobody.mp4'), limit)).rejects.toThrow(FaceNotFoundError);
  await expect(inspectVideo(at('still.png'), limit)).rejects.toThrow(StillPictureError);
  await expect(inspectVideo(at('person.mp4'), limit)).rejects.toThrow(TooLongError);
  await expect(inspectAudio(at('person.mp4'), limit)).rejects.toThrow(NoSpeechTrackError);
  ffmpeg('-f', 'lavfi', '-i', 'sine=duration=3', at('tone.wav'));
  await expect(inspectAudio(at('tone.wav'), limit)).rejects.toThrow(TooLongError);
  expect(await inspectAudio(at('tone.wav'), { maxSeconds: 3 })).toEqual({ seconds: 3 });
});

it('looks at pictures by time, however many the rate of the file claims', async () => {
  // 1799 pictures in a fiftieth of a second, one after half a minute: 2.7 million, by a rate of 90000.
  const times = 'settb=1/90000,setpts=if(lt(N\\,1799)\\,N\\,2700000)';
  const source = ['-f', 'lavfi', '-i', 'color=size=64x64:rate=90000', '-frames:v', '1800', '-vf', times];
  ffmpeg(...source, '-fps_mode', 'passthrough', '-video_track_timescale', '90000', at('gap.mp4'));
  const inspected = inspectVideo(at('gap.mp4'), { maxSeconds: 60 });
  await expect(inspected).rejects.toThrow('No face was found in any of the 750 frames');
}, 120_000);

it('takes a video of one picture', async () => {
  ffmpeg('-i', at('person.mp4'), '-frames:v', '1', at('moment.mp4'));
  const { faces } = await inspectVideo(at('moment.mp4'), { maxSeconds: 60 });
  expect(faces).toHaveLength(1);
});
