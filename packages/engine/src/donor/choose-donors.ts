import type { MouthObservations } from '../mouth-space/observe-mouth.js';
import { donorBlur } from './donor-blur.js';
import type { Donor } from './donor-library.js';
import { PATCH_HEIGHT, PATCH_WIDTH } from './mouth-patch.js';

/** What a run of output frames needs of its donors. Indices t count from the start of the run. */
export type DonorRequest = {
  readonly fps: number;
  /** Source frame under each output frame. */
  readonly source: Int32Array;
  /** Commanded aperture and width, IOD. */
  readonly aperture: Float32Array;
  readonly width: Float32Array;
};

/** Candidates kept per frame: more changes no choice and costs time squared. */
const CANDIDATES = 24;
/** A donor whose head is turned further away than this, in degrees, does not fit. */
const MOST_TURN = 14;
const HOLD_COST = 0.15;
/** Misfit of a donor with 1 / e of the usual detail. */
const BLUR_COST = 3;

/** How the jaw of this clip drops with aperture: without it a clenched grin is taken for a wide "ah". */
const jawLine = (donors: readonly Donor[], seen: MouthObservations): ((aperture: number) => number) => {
  let a = 0;
  let j = 0;
  for (const { frame } of donors) {
    a += seen.aperture[frame] / donors.length;
    j += seen.jaw[frame] / donors.length;
  }
  let covariance = 0;
  let variance = 1e-6;
  for (const { frame } of donors) {
    covariance += (seen.aperture[frame] - a) * (seen.jaw[frame] - j);
    variance += (seen.aperture[frame] - a) ** 2;
  }
  const slope = covariance / variance;
  return (aperture) => j + slope * (aperture - a);
};

/** Unlikeness of donor and request at one frame; below 2.5 is good, above 6 looks wrong. */
const fitCost = (
  donor: Donor,
  seen: MouthObservations,
  base: number,
  aperture: number,
  width: number,
  expectedJaw: number,
): number => {
  const f = donor.frame;
  const turn = Math.abs(seen.yaw[f] - seen.yaw[base]) + Math.abs(seen.pitch[f] - seen.pitch[base]);
  const size = Math.abs(Math.log(seen.scale[f] / seen.scale[base]));
  // Lips are stretched and squeezed without harm while they are open; closed ones look different.
  let cost = Math.abs(seen.aperture[f] - aperture) / (0.014 + 0.2 * aperture);
  cost += Math.abs(seen.width[f] - width) / 0.035 + turn / 6 + Math.min(1, 2 * size);
  if (aperture > 0.03) cost += Math.abs(seen.jaw[f] - expectedJaw) / 0.05;
  // Closed lips are worth a jump: an open mouth pulled shut keeps a line of teeth or a dark gap.
  if (aperture < 0.02) {
    const { teeth, dark } = donor.contents;
    cost += 40 * Math.max(0, teeth - 0.004) + 60 * Math.max(0, dark - 0.02);
    cost += 10 * Math.min(1, Math.max(0, seen.aperture[f] - 0.002) / 0.03);
  }
  return turn > 2 * MOST_TURN ? cost + 10 : cost;
};

/** What of a mouth patch is compared: every second pixel; the middle, whose inside is drawn anew, counts less. */
const comparedPixels: number[] = [];
const comparedWeights: number[] = [];
for (let row = 0; row < PATCH_HEIGHT; row += 2) {
  for (let col = 0; col < PATCH_WIDTH; col += 2) {
    comparedPixels.push(row * PATCH_WIDTH + col);
    comparedWeights.push(row > 6 && row < 22 && col > 8 && col < 32 ? 0.4 : 1);
  }
}
const weights = Float64Array.from(comparedWeights);
const totalWeight = weights.reduce((a, b) => a + b);

/** Luma of the compared pixels. */
const comparedLuma = ({ patch }: Donor): Uint8Array => Uint8Array.from(comparedPixels, (k) => patch.luma[k]);

/** Mean grey-level difference of two mouths. */
const difference = (a: Uint8Array, b: Uint8Array): number => {
  let sum = 0;
  for (let k = 0; k < weights.length; k++) sum += weights[k] * Math.abs(a[k] - b[k]);
  return sum / totalWeight;
};

/**
 * Picks a donor for every frame: the sequence with the least sum of misfit and visible jumps (Viterbi). A donor
 * followed by the clip's next frame costs nothing, as that is how the mouth really moved.
 *
 * @returns indices into `donors`, and the misfit of each choice
 */
export const chooseDonors = (
  donors: readonly Donor[],
  seen: MouthObservations,
  request: DonorRequest,
): { readonly choice: Int32Array; readonly cost: Float32Array } => {
  const n = request.source.length;
  const kept = Math.min(CANDIDATES, donors.length);
  const candidate = new Int32Array(n * kept);
  const misfit = new Float32Array(n * kept);
  const expectJaw = jawLine(donors, seen);
  const blur = donorBlur(donors, seen);
  const costs = new Float32Array(donors.length);
  const order = Array.from(donors.keys());
  for (let t = 0; t < n; t++) {
    const jaw = expectJaw(request.aperture[t]);
    donors.forEach((donor, d) => {
      const fit = fitCost(donor, seen, request.source[t], request.aperture[t], request.width[t], jaw);
      costs[d] = fit + BLUR_COST * blur[d];
    });
    order.sort((a, b) => costs[a] - costs[b]);
    for (let k = 0; k < kept; k++) {
      candidate[t * kept + k] = order[k];
      misfit[t * kept + k] = costs[order[k]];
    }
  }

  const lumas = donors.map(comparedLuma);
  const cache = new Float64Array(donors.length ** 2).fill(Number.NaN);
  const jumpCost = (from: number, to: number): number => {
    const a = donors[from];
    const b = donors[to];
    if (from === to) return HOLD_COST;
    if (b.frame === a.frame + 1) return 0;
    const key = from * donors.length + to;
    let cost = cache[key];
    if (Number.isNaN(cost)) {
      // Compared with where the old donor would have gone next, which is what the eye expects.
      const next = donors[from + 1]?.frame === a.frame + 1 ? from + 1 : from;
      cost = 1.8 + difference(lumas[next], lumas[to]) / 2.5;
      cache[key] = cost;
    }
    return cost;
  };

  const weight = request.fps / 25;
  const best = new Float64Array(n * kept);
  const from = new Int32Array(n * kept);
  best.set(misfit.subarray(0, kept));
  for (let t = 1; t < n; t++) {
    for (let k = 0; k < kept; k++) {
      const to = candidate[t * kept + k];
      let least = Number.POSITIVE_INFINITY;
      for (let p = 0; p < kept; p++) {
        const total = best[(t - 1) * kept + p] + weight * jumpCost(candidate[(t - 1) * kept + p], to);
        if (total < least) {
          least = total;
          from[t * kept + k] = p;
        }
      }
      best[t * kept + k] = least + misfit[t * kept + k];
    }
  }

  const choice = new Int32Array(n);
  const cost = new Float32Array(n);
  const last = best.subarray((n - 1) * kept);
  let k = last.indexOf(Math.min(...last));
  for (let t = n - 1; t >= 0; t--) {
    choice[t] = candidate[t * kept + k];
    cost[t] = misfit[t * kept + k];
    k = from[t * kept + k];
  }
  return { choice, cost };
};
