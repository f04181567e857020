import { expect, test } from 'vitest';
import type { MouthObservations } from '../mouth-space/observe-mouth.js';
import { donorBlur } from './donor-blur.js';
import type { Donor } from './donor-library.js';
import { PATCH_HEIGHT, PATCH_WIDTH } from './mouth-patch.js';

test('a mouth with half the detail of its like stands out, the others do not', () => {
  const donor = (frame: number, contrast: number): Donor => {
    const luma = Uint8Array.from({ length: PATCH_WIDTH * PATCH_HEIGHT }, (_, k) => 120 + contrast * (k % 2));
    return {
      frame,
      x: 0,
      y: 0,
      width: 2,
      height: 2,
      offset: 0,
      patch: { luma, u: luma, v: luma },
      contents: { teeth: 0, dark: 0 },
    };
  };
  const donors = [40, 38, 20, 41, 40].map((contrast, frame) => donor(frame, contrast));
  const seen = { aperture: new Float32Array(5).fill(0.05) } as MouthObservations;
  const blur = donorBlur(donors, seen);
  expect(blur[2]).toBeGreaterThan(0.4);
  for (const d of [0, 1, 3, 4]) expect(blur[d]).toBe(0);
});
