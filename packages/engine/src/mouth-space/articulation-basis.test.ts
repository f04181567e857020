import { describe, expect, test } from 'vitest';
import { canonicalFace } from '../face/canonical-face.js';
import { CHIN, MOUTH_LEFT, MOUTH_RIGHT } from '../face/landmark-indices.js';
import { BasisFit, genericBasis } from './articulation-basis.js';
import type { Shape } from './face-space.js';
import { measureMouth } from './measure-mouth.js';

const canonicalShape = (): Shape => Float32Array.from(canonicalFace().vertices);

/** The canonical face with its mouth moved by the generic basis, scaled where wanted. */
const moved = (aperture: number, width: number, change?: (shape: Shape) => void): Shape => {
  const basis = genericBasis();
  const shape = canonicalShape();
  for (let c = 0; c < shape.length; c++)
    shape[c] += basis.perAperture[c] * aperture + basis.perWidth[c] * width;
  change?.(shape);
  return shape;
};

const fitOver = (change?: (shape: Shape, aperture: number) => void) => {
  const fit = new BasisFit();
  for (let k = 0; k < 200; k++) {
    const aperture = 0.1 + 0.1 * Math.sin(k);
    const shape = moved(aperture, 0.05 * Math.cos(1.7 * k), (s) => change?.(s, aperture));
    fit.add(shape, measureMouth(shape));
  }
  return fit.solve();
};

describe('the generic basis', () => {
  test('opens the mouth by as much as the measured aperture says', () => {
    const before = measureMouth(moved(0.05, 0)).aperture;
    const after = measureMouth(moved(0.15, 0)).aperture;
    expect(after - before).toBeGreaterThan(0.085);
    expect(after - before).toBeLessThan(0.115);
  });

  test('spreads the corners by as much as the measured width says', () => {
    const change = measureMouth(moved(0, 0.1)).width - measureMouth(moved(0, 0)).width;
    expect(change).toBeCloseTo(0.1, 2);
  });

  test('is symmetric', () => {
    const { perWidth } = genericBasis();
    expect(perWidth[3 * MOUTH_LEFT]).toBeCloseTo(-perWidth[3 * MOUTH_RIGHT], 6);
    expect(perWidth[3 * MOUTH_LEFT + 1]).toBeCloseTo(perWidth[3 * MOUTH_RIGHT + 1], 6);
  });
});

describe('the fitted basis', () => {
  test('is the generic one without frames', () => {
    expect(new BasisFit().solve()).toEqual(genericBasis());
  });

  test('learns a chin that drops further than usual', () => {
    const usual = genericBasis().perAperture[3 * CHIN + 1];
    const learnt = fitOver((shape, aperture) => {
      shape[3 * CHIN + 1] += usual * aperture;
    });
    expect(learnt.perAperture[3 * CHIN + 1]).toBeLessThan(1.6 * usual);
  });

  test('does not learn a grin: a chin that never drops is given the generic jaw', () => {
    const still = canonicalShape()[3 * CHIN + 1];
    const learnt = fitOver((shape) => {
      shape[3 * CHIN + 1] = still;
    });
    expect(learnt.perAperture[3 * CHIN + 1]).toBeCloseTo(genericBasis().perAperture[3 * CHIN + 1], 6);
  });
});
