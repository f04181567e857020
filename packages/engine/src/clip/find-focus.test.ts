import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { lipSync } from '../lip-sync.js';
import { ffmpeg, WEBCAM_CLIP } from '../media/webcam-clip.test.fixture.js';
import { openSource } from './driving-clip.js';

let directory: string;
const at = (name: string): string => join(directory, name);

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'find-focus-'));
  const right = 'scale=320:240,pad=1280:240:960:0';
  ffmpeg('-t', '1', '-i', WEBCAM_CLIP, '-an', '-vf', right, at('aside.mp4'));
  ffmpeg('-f', 'lavfi', '-i', 'testsrc=size=640x240:duration=1', at('nobody.mp4'));
});

afterAll(() => rmSync(directory, { recursive: true }));

const focusOf = async (name: string, size: { width?: number; height?: number }) =>
  (await openSource({ video: at(name), ...size })).picture.focus;

it('keeps a person at the side in a picture that is cropped', async () => {
  const focus = await focusOf('aside.mp4', { width: 270, height: 480 });
  expect(focus!.x).toBeGreaterThan(0.8);
  expect(focus!.x).toBeLessThan(0.95);
  const size = { width: 270, height: 480 };
  const report = await lipSync({
    video: at('aside.mp4'),
    speech: { text: 'Hi.' },
    output: at('o.mp4'),
    ...size,
  });
  expect(report.framesWithoutFace).toBe(0);
});

it('takes the centre of a video that is over before it can be looked at', async () => {
  ffmpeg('-i', at('aside.mp4'), '-frames:v', '1', at('moment.mp4'));
  expect(await focusOf('moment.mp4', { width: 270, height: 480 })).toBeUndefined();
});

it('takes the centre where nothing is cropped or nobody is seen', async () => {
  expect(await focusOf('aside.mp4', {})).toBeUndefined();
  expect(await focusOf('aside.mp4', { width: 640, height: 120 })).toBeUndefined();
  expect(await focusOf('nobody.mp4', { width: 240, height: 240 })).toBeUndefined();
});
