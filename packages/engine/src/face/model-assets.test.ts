import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FaceModelError } from '../errors/face-model-error.js';
import { readModels } from './model-assets.js';

describe('readModels', () => {
  it('gives TensorFlow Lite files', () => {
    const { attentionMesh, faceDetector } = readModels(['attentionMesh', 'faceDetector']);
    for (const model of [attentionMesh, faceDetector]) {
      expect(Buffer.from(model.subarray(4, 8)).toString()).toBe('TFL3');
    }
  });

  it('refuses files other than the expected ones, and says what to do', () => {
    const folder = mkdtempSync(join(tmpdir(), 'models-'));
    const path = join(folder, 'assets.data');
    writeFileSync(path, Buffer.alloc(3_986_256));
    expect(() => readModels(['faceDetector'], path)).toThrow(FaceModelError);
    expect(() => readModels(['faceDetector'], path)).toThrow(/not the expected ones.*npm ci/);
    expect(() => readModels(['faceDetector'], join(folder, 'absent'))).toThrow(/could not be read.*npm ci/);
    rmSync(folder, { recursive: true });
  });
});
