import type { MouthObservations } from '../mouth-space/observe-mouth.js';
import type { Donor } from './donor-library.js';
import { PATCH_HEIGHT, PATCH_WIDTH } from './mouth-patch.js';

/** Differences in sharpness below this, as a natural logarithm, are nothing to mind. */
const USUAL_DIFFERENCE = 0.15;

/** Mean unlikeness of neighbouring cells of a patch. */
const detailOf = ({ patch: { luma } }: Donor): number => {
  let sum = 0;
  for (let row = 1; row < PATCH_HEIGHT - 1; row++) {
    for (let k = row * PATCH_WIDTH + 1; k < (row + 1) * PATCH_WIDTH - 1; k++) {
      sum += Math.abs(
        4 * luma[k] - luma[k - 1] - luma[k + 1] - luma[k - PATCH_WIDTH] - luma[k + PATCH_WIDTH],
      );
    }
  }
  return sum / (PATCH_WIDTH * PATCH_HEIGHT) + 0.5;
};

/**
 * How blurred each donor is against those of like opening: 0 for most, 0.7 for one with half of the usual detail. A head
 * that moved fast lends lips that stand out as soft.
 */
export const donorBlur = (donors: readonly Donor[], seen: MouthObservations): Float32Array => {
  const detail = donors.map(detailOf);
  return Float32Array.from(donors, ({ frame }, d) => {
    const aperture = seen.aperture[frame];
    const alike = detail
      .filter((_, k) => Math.abs(seen.aperture[donors[k].frame] - aperture) < 0.02 + 0.2 * aperture)
      .sort((a, b) => a - b);
    return Math.max(0, Math.log(alike[alike.length >> 1] / detail[d]) - USUAL_DIFFERENCE);
  });
};
