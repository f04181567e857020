import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FaceModelError } from '../errors/face-model-error.js';
import { loadRuntime } from '../inference/runtime.js';
import { WEBCAM_CLIP } from '../media/webcam-clip.test.fixture.js';
import type { Frame } from '../picture/frame.js';
import { createAttentionMesh, emptyLandmarks } from './attention-mesh.js';
import { createFaceDetector, type Detection, type SearchSquare } from './face-detector.js';
import { readFaceModels } from './face-models.js';
import type { TurnedSquare } from './turned-square.js';

/** What the original TensorFlow Lite models gave. */
type Expected = { square: SearchSquare; detection: Detection; region: TurnedSquare; landmarks: number[] };

const FRAME = 295;
const runtime = await loadRuntime();
const models = readFaceModels();
const expected = JSON.parse(
  readFileSync(new URL('../../test-data/face/webcam-frame-295.json', import.meta.url), 'utf8'),
) as Expected;
/** As it is stored: no scaling or change of colours, which may differ. */
const PICK = ['-vf', `select=eq(n\\,${FRAME})`, '-frames:v', '1', '-f', 'rawvideo', '-pix_fmt', 'yuv420p'];
const frame: Frame = {
  width: 400,
  height: 300,
  data: new Uint8Array(execFileSync('ffmpeg', ['-v', 'error', '-i', WEBCAM_CLIP, ...PICK, 'pipe:1'])),
};

describe('the face networks', () => {
  it('find a face where the original models find it', async () => {
    const detector = await createFaceDetector(runtime, models.detector);
    const [found, ...others] = await detector.detect(frame, expected.square);
    expect(others).toEqual([]);
    for (const [name, value] of Object.entries(expected.detection)) {
      expect(found[name as keyof Detection]).toBeCloseTo(value, 3);
    }
  });

  it('place each landmark within 0.01 pixels of where the original models place it', async () => {
    const mesh = await createAttentionMesh(runtime, models);
    const landmarks = emptyLandmarks();
    expect(await mesh.locate(frame, expected.region, landmarks, 'refined')).toBeGreaterThan(0.99);
    const away = landmarks.map((value, k) => Math.abs(value - expected.landmarks[k]));
    expect(Math.max(...away)).toBeLessThan(0.01);
  });
});

describe('readFaceModels', () => {
  it('says what to do when a file is missing', () => {
    const folder = new URL('./nowhere/', import.meta.url);
    expect(() => readFaceModels(folder)).toThrow(FaceModelError);
    expect(() => readFaceModels(folder)).toThrow(/could not be read from .*Reinstall/);
  });
});
