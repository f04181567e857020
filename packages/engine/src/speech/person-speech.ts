import type { SpeechFeatures } from './speech-features.js';

/** A person seen while speaking. */
export type SeenSpeech = {
  readonly fps: number;
  /** Opening between the inner lips, frame by frame, in any unit. */
  readonly aperture: Float32Array;
  /** 1 where the mouth was seen. */
  readonly usable: Uint8Array;
};

/** How one person moves the mouth when speaking. */
export type PersonSpeech = {
  /** Opening in silence, in the unit that was seen. */
  readonly restAperture: number;
  /** Opening that one seen frame in twenty exceeds. */
  readonly wideAperture: number;
  /** Linear map from what is heard around a frame to the opening; see `cuesAt`. */
  readonly weights: Float64Array;
  /** Correlation with the seen opening, on parts of the clip that were not learned from. */
  readonly agreement: { readonly person: number; readonly default: number };
};

/** Shorter clips teach nothing. */
const FEWEST_SECONDS = 3;
/** Contiguous parts of the clip; each is predicted from the others. */
const FOLDS = 5;
/** By how much the person's own map must agree better than the default to be used. */
const SMALLEST_GAIN = 0.03;
/** Below this the mouth has little to do with the speech, and chance gains are no gains. */
const SMALLEST_AGREEMENT = 0.2;
/** Ridge penalty on what the person adds to the default, in units of frames times the variance of a cue. */
const PENALTY = 0.5;
/** A default that moves this little with what is seen still moves. */
const SMALLEST_SLOPE = 0.02;
/** Shifts of the heard opening, seconds: positive ones look ahead. */
const APERTURE_SHIFTS = [-0.08, -0.04, 0, 0.04, 0.08] as const;
/** Half of the time that the slow opening is averaged over. */
const SLOW = 0.15;

/**
 * Learns from a clip in which a person speaks how far and how fast this person's mouth moves.
 *
 * @param heard the clip's own speech, in time with the picture
 * @returns undefined when the clip is too short or the default agrees as well
 */
export const learnPersonSpeech = (heard: SpeechFeatures, seen: SeenSpeech): PersonSpeech | undefined => {
  const frames = usableFrames(heard, seen);
  if (frames.length < FEWEST_SECONDS * seen.fps) return undefined;
  const cues = frames.map((frame) => cuesAt(heard, frame / seen.fps, 1 / seen.fps));
  const targets = frames.map((frame) => seen.aperture[frame]);
  const predicted = crossPredictions(cues, targets);
  const agreement = {
    person: agreementOf(predicted, targets),
    default: agreementOf(
      cues.map((cue) => cue[DEFAULT_APERTURE]),
      targets,
    ),
  };
  const needed = Math.max(SMALLEST_AGREEMENT, agreement.default + SMALLEST_GAIN);
  if (!(agreement.person > needed)) return undefined;
  const sorted = targets.toSorted((a, b) => a - b);
  return {
    restAperture: sorted[Math.floor(0.05 * sorted.length)],
    wideAperture: sorted[Math.floor(0.95 * sorted.length)],
    weights: personMap(cues, targets),
    agreement,
  };
};

/**
 * The opening of this person's mouth while saying something else, frame by frame, in the unit that was seen.
 */
export const personAperture = (
  { weights, restAperture }: PersonSpeech,
  heard: SpeechFeatures,
  fps: number,
  frameCount: number,
): Float32Array<ArrayBuffer> =>
  Float32Array.from({ length: frameCount }, (_, frame) =>
    Math.max(Math.min(0, restAperture), dot(cuesAt(heard, frame / fps, 1 / fps), weights)),
  );

const usableFrames = (heard: SpeechFeatures, { fps, aperture, usable }: SeenSpeech): number[] =>
  Array.from(aperture.keys()).filter(
    (frame) => usable[frame] === 1 && ((frame + 1) / fps) * heard.rateHz <= heard.frameCount,
  );

const DEFAULT_APERTURE = APERTURE_SHIFTS.indexOf(0);

/** What is heard at the time of a frame: openings around it, its slow part, lips, loudness, and a constant. */
const cuesAt = (heard: SpeechFeatures, start: number, length: number): Float64Array => {
  const at = (curve: Float32Array, shift: number): number =>
    mean(curve, (start + shift) * heard.rateHz, (start + length + shift) * heard.rateHz);
  const slow = mean(heard.aperture, (start - SLOW) * heard.rateHz, (start + length + SLOW) * heard.rateHz);
  return Float64Array.from([
    ...APERTURE_SHIFTS.map((shift) => at(heard.aperture, shift)),
    slow,
    at(heard.rounding, 0),
    at(heard.width, 0),
    at(heard.closure, 0),
    at(heard.loudness, 0),
    1,
  ]);
};

const mean = (curve: Float32Array, from: number, to: number): number => {
  const first = Math.min(curve.length - 1, Math.max(0, Math.round(from)));
  const last = Math.min(curve.length, Math.max(first + 1, Math.round(to)));
  let sum = 0;
  for (let t = first; t < last; t++) sum += curve[t];
  return sum / (last - first);
};

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, i) => sum + value * b[i], 0);

const crossPredictions = (cues: readonly Float64Array[], targets: readonly number[]): number[] => {
  const maps = Array.from({ length: FOLDS }, (_, left) =>
    personMap(
      cues.filter((_, k) => foldOf(k, cues.length) !== left),
      targets.filter((_, k) => foldOf(k, cues.length) !== left),
    ),
  );
  return cues.map((cue, k) => dot(cue, maps[foldOf(k, cues.length)]));
};

const foldOf = (k: number, count: number): number => Math.floor((k * FOLDS) / count);

/**
 * The default opening scaled to this person, plus a ridge regression of what remains: little data changes little.
 */
const personMap = (cues: readonly Float64Array[], targets: readonly number[]): Float64Array => {
  const opening = cues.map((cue) => cue[DEFAULT_APERTURE]);
  const [meanOpening, meanTarget] = [average(opening), average(targets)];
  let [covariance, variance] = [0, 0];
  opening.forEach((value, k) => {
    covariance += (value - meanOpening) * (targets[k] - meanTarget);
    variance += (value - meanOpening) ** 2;
  });
  const slope = Math.max(SMALLEST_SLOPE, covariance / (variance + 1e-9));
  const scaled = opening.map((value) => meanTarget + slope * (value - meanOpening));
  const map = ridge(
    cues,
    targets.map((target, k) => target - scaled[k]),
  );
  map[DEFAULT_APERTURE] += slope;
  map[map.length - 1] += meanTarget - slope * meanOpening;
  return map;
};

/** Ridge regression; the last cue is the constant and goes unpenalised. */
const ridge = (cues: readonly Float64Array[], targets: readonly number[]): Float64Array => {
  const size = cues[0].length;
  const matrix = Array.from({ length: size }, () => new Float64Array(size + 1));
  const variance = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    const centre = average(cues.map((cue) => cue[i]));
    variance[i] = average(cues.map((cue) => (cue[i] - centre) ** 2));
  }
  cues.forEach((cue, k) => {
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) matrix[i][j] += cue[i] * cue[j];
      matrix[i][size] += cue[i] * targets[k];
    }
  });
  for (let i = 0; i < size - 1; i++) matrix[i][i] += PENALTY * cues.length * (variance[i] + 1e-6);
  return solve(matrix);
};

/** Gauss-Jordan elimination of a positive definite system, the right side as its last column. */
const solve = (matrix: Float64Array[]): Float64Array => {
  const size = matrix.length;
  for (let pivot = 0; pivot < size; pivot++) {
    for (let row = 0; row < size; row++) {
      if (row === pivot) continue;
      const factor = matrix[row][pivot] / matrix[pivot][pivot];
      for (let column = pivot; column <= size; column++)
        matrix[row][column] -= factor * matrix[pivot][column];
    }
  }
  return Float64Array.from(matrix, (row, i) => row[size] / row[i]);
};

const average = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

/** Pearson's within the folds: each fold's own mean, which no map can know, is taken out first. */
const agreementOf = (predicted: readonly number[], seen: readonly number[]): number => {
  let [ab, aa, bb] = [0, 0, 0];
  for (let fold = 0; fold < FOLDS; fold++) {
    const inFold = (values: readonly number[]): number[] =>
      values.filter((_, k) => foldOf(k, values.length) === fold);
    const [a, b] = [inFold(predicted), inFold(seen)];
    const [ma, mb] = [average(a), average(b)];
    a.forEach((value, k) => {
      ab += (value - ma) * (b[k] - mb);
      aa += (value - ma) ** 2;
      bb += (b[k] - mb) ** 2;
    });
  }
  return aa * bb > 0 ? ab / Math.sqrt(aa * bb) : 0;
};
