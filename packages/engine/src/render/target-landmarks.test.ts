import { describe, expect, test } from 'vitest';
import { LIP_OFFSET_FLOATS } from '../donor/donor-lips.js';
import { canonicalFace } from '../face/canonical-face.js';
import { INNER_LOWER, INNER_UPPER } from '../face/landmark-indices.js';
import { genericBasis } from '../mouth-space/articulation-basis.js';
import type { Shape } from '../mouth-space/face-space.js';
import { lowerFace } from '../mouth-space/lower-face.js';
import { measureMouth } from '../mouth-space/measure-mouth.js';
import { type MouthTarget, TargetLandmarks } from './target-landmarks.js';

const face = (): Shape => Float32Array.from(canonicalFace().vertices);
const none = new Float32Array(LIP_OFFSET_FLOATS);

const compute = (shape: Shape, wanted: Partial<MouthTarget>): Shape => {
  const now = measureMouth(shape);
  const target: MouthTarget = {
    aperture: now.aperture,
    width: now.width,
    jaw: now.aperture,
    baseJaw: now.aperture,
    labiodental: 0,
    lipOffset: none,
    lipOffsetAt: 0,
    ...wanted,
  };
  return new TargetLandmarks().compute(shape, now, target, genericBasis()).slice();
};

describe('target landmarks', () => {
  test('have exactly the commanded aperture and width', () => {
    for (const aperture of [0.01, 0.05, 0.12, 0.25]) {
      for (const width of [0.48, 0.6, 0.7]) {
        const got = measureMouth(compute(face(), { aperture, width, jaw: aperture }));
        expect(got.aperture).toBeCloseTo(aperture, 4);
        expect(got.width).toBeCloseTo(width, 3);
      }
    }
  });

  test('close the lips completely, in every column', () => {
    const open = compute(face(), { aperture: 0.2, jaw: 0.2 });
    const closed = compute(open, { aperture: 0, jaw: 0 });
    INNER_UPPER.forEach((u, k) => {
      expect(closed[3 * u + 1]).toBeCloseTo(closed[3 * INNER_LOWER[k] + 1], 4);
    });
  });

  test('never let the lips cross, whatever the donor brings', () => {
    const offset = Float32Array.from({ length: LIP_OFFSET_FLOATS }, (_, i) => 0.4 * Math.sin(i));
    const shape = compute(face(), { aperture: 0.03, lipOffset: offset });
    INNER_UPPER.forEach((u, k) => {
      expect(shape[3 * u + 1] - shape[3 * INNER_LOWER[k] + 1]).toBeGreaterThan(-1e-4);
    });
  });

  test('leave everything above the nose base where it is', () => {
    const before = face();
    const after = compute(before, { aperture: 0.25, width: 0.5, jaw: 0.25 });
    lowerFace().weight.forEach((weight, i) => {
      if (weight > 0) return;
      expect(after.subarray(3 * i, 3 * i + 3)).toEqual(before.subarray(3 * i, 3 * i + 3));
    });
  });

  test('are the shape itself when nothing is asked of it', () => {
    const open = compute(face(), { aperture: 0.1, jaw: 0.1 });
    const same = compute(open, {});
    for (let c = 0; c < open.length; c++) expect(same[c]).toBeCloseTo(open[c], 3);
  });

  test('drop the chin with the jaw, not with the lips', () => {
    const lips = compute(face(), { aperture: 0.2 });
    const jaw = compute(face(), { aperture: 0.2, jaw: 0.2 });
    const chin = 3 * 152 + 1;
    expect(lips[chin]).toBeCloseTo(face()[chin], 2);
    expect(jaw[chin]).toBeLessThan(face()[chin] - 0.3);
  });
});
