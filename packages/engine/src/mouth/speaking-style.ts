import { relativeLoudness } from '../speech/relative-loudness.js';
import { average } from './average.js';
import type { MouthMovement } from './mouth-movement.js';
import { ridgeRegression } from './ridge-regression.js';
import { LEVEL_RATE } from './speech-level.js';

/** A person seen while speaking. */
export type SeenSpeech = {
  readonly fps: number;
  /** Opening between the inner lips, frame by frame, in any unit. */
  readonly aperture: Float32Array;
  /** 1 where the mouth was seen. */
  readonly usable: Uint8Array;
};

/** How one person moves the mouth when speaking. */
export type SpeakingStyle = {
  /** Opening in silence, in the unit that was seen. */
  readonly restAperture: number;
  /** Opening that one seen frame in twenty exceeds. */
  readonly wideAperture: number;
  /** Linear map from the movement around a moment to the opening; see `cuesOf`. */
  readonly weights: readonly number[];
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
const SMALLEST_AGREEMENT = 0.3;
/** Ridge penalty on what the person adds to the default, in units of frames times the variance of a cue. */
const PENALTY = 0.5;
/** A default that moves this little with what is seen still moves. */
const SMALLEST_SLOPE = 0.02;
/** Time that a cue is averaged over: a frame's. Seconds. */
const SPAN = 0.04;
/**
 * How far from the moment openings are looked at, before and after alike: a map that could look one way would learn how
 * far the sound of the clip is out of step, and repeat it. Seconds.
 */
const SIDES = [0.04, 0.08] as const;
/** Time that the slow opening is averaged over, seconds. */
const SLOW = 0.34;
/** Where the default is less open than this, as in rest and around closed lips, so is the person. */
const OPEN = 0.08;

/**
 * Share of the person's own map in what is shown. Alone it may follow little but loudness, which is right on average, but
 * then each vowel looks like the others, and a voice is not as loud and quiet as a person.
 */
const OWN_SHARE = 0.5;

const DEFAULT_APERTURE = 0;

/**
 * Learns from a clip in which a person speaks how this person's mouth moves otherwise than the default.
 *
 * @param own the movement heard in the clip's own speech, in time with the picture
 * @returns undefined when the clip is too short or the default agrees as well
 */
export const learnSpeakingStyle = (own: MouthMovement, seen: SeenSpeech): SpeakingStyle | undefined => {
  const frames = Array.from(seen.aperture.keys()).filter(
    (frame) => seen.usable[frame] === 1 && (frame + 1) / seen.fps <= own.durationSeconds,
  );
  if (frames.length < FEWEST_SECONDS * seen.fps) return undefined;
  const cuesAt = cuesOf(own);
  const cues = frames.map((frame) => cuesAt((frame + 0.5) / seen.fps));
  const usual = cues.map((cue) => cue[DEFAULT_APERTURE]);
  const targets = frames.map((frame) => seen.aperture[frame]);
  const sorted = targets.toSorted((a, b) => a - b);
  const range = {
    restAperture: sorted[Math.floor(0.05 * sorted.length)],
    wideAperture: sorted[Math.floor(0.95 * sorted.length)],
  };
  const predicted = crossPredictions(cues, targets).map((opening, k) => blended(usual[k], opening, range));
  const agreement = { person: agreementOf(predicted, targets), default: agreementOf(usual, targets) };
  const needed = Math.max(SMALLEST_AGREEMENT, agreement.default + SMALLEST_GAIN);
  if (!(agreement.person > needed)) return undefined;
  return { ...range, weights: [...styleMap(cues, targets)], agreement };
};

/** The movement as this person makes it: another opening, the same rests and contacts. */
export const inSpeakingStyle = (movement: MouthMovement, style: SpeakingStyle): MouthMovement => {
  const { curves } = movement;
  const cuesAt = cuesOf(movement);
  const aperture = curves.aperture.map((usual, i) => {
    const opening = dot(cuesAt((i + 0.5) / curves.rate), style.weights);
    return blended(usual, opening, style) * Math.min(1, usual / OPEN);
  });
  return { ...movement, curves: { ...curves, aperture } };
};

/** The opening to show, 0 to 1, between the usual one and the person's own. */
const blended = (
  usual: number,
  opening: number,
  { restAperture, wideAperture }: Pick<SpeakingStyle, 'restAperture' | 'wideAperture'>,
): number => {
  const own = Math.min(1, Math.max(0, (opening - restAperture) / (wideAperture - restAperture)));
  return (1 - OWN_SHARE) * usual + OWN_SHARE * own;
};

type Curve = { readonly values: Float32Array; readonly rate: number };

const mean = ({ values, rate }: Curve, centre: number, span: number): number => {
  const first = Math.min(values.length - 1, Math.max(0, Math.round((centre - span / 2) * rate)));
  const last = Math.min(values.length, Math.max(first + 1, Math.round((centre + span / 2) * rate)));
  let sum = 0;
  for (let i = first; i < last; i++) sum += values[i];
  return sum / (last - first);
};

/** What there is to go by at a moment: the opening, on both sides, its slow part, lips, loudness, and a constant. */
const cuesOf = ({ curves, level }: MouthMovement): ((seconds: number) => Float64Array) => {
  const { rate } = curves;
  const aperture = { values: curves.aperture, rate };
  const lips = [curves.rounding, curves.width, curves.closure].map((values) => ({ values, rate }));
  const loudness = { values: relativeLoudness(level), rate: LEVEL_RATE };
  return (seconds) =>
    Float64Array.from([
      mean(aperture, seconds, SPAN),
      ...SIDES.map(
        (side) => (mean(aperture, seconds - side, SPAN) + mean(aperture, seconds + side, SPAN)) / 2,
      ),
      mean(aperture, seconds, SLOW),
      ...[...lips, loudness].map((curve) => mean(curve, seconds, SPAN)),
      1,
    ]);
};

const dot = (a: Float64Array, b: ArrayLike<number>): number =>
  a.reduce((sum, value, i) => sum + value * b[i], 0);

const crossPredictions = (cues: readonly Float64Array[], targets: readonly number[]): number[] => {
  const maps = Array.from({ length: FOLDS }, (_, left) =>
    styleMap(
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
const styleMap = (cues: readonly Float64Array[], targets: readonly number[]): Float64Array => {
  const opening = cues.map((cue) => cue[DEFAULT_APERTURE]);
  const [meanOpening, meanTarget] = [average(opening), average(targets)];
  let [covariance, variance] = [0, 0];
  opening.forEach((value, k) => {
    covariance += (value - meanOpening) * (targets[k] - meanTarget);
    variance += (value - meanOpening) ** 2;
  });
  const slope = Math.max(SMALLEST_SLOPE, covariance / (variance + 1e-9));
  const scaled = opening.map((value) => meanTarget + slope * (value - meanOpening));
  const map = ridgeRegression(
    cues,
    targets.map((target, k) => target - scaled[k]),
    PENALTY,
  );
  map[DEFAULT_APERTURE] += slope;
  map[map.length - 1] += meanTarget - slope * meanOpening;
  return map;
};

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
