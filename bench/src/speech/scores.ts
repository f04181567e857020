/** What a method says of a mouth, 100 frames a second. */
export type HeardMouth = {
  readonly aperture: Float32Array;
  readonly rounding: Float32Array;
  /** How sure the method is that the lips are closed. */
  readonly closure: Float32Array;
};

/** One utterance: what was heard and what is true. */
export type Judged = { readonly heard: HeardMouth; readonly truth: HeardMouth };

export type Scores = {
  readonly apertureR: number;
  readonly roundingR: number;
  readonly closurePrecision: number;
  readonly closureRecall: number;
  readonly closureF1: number;
};

/** Frames of 10 ms by which a closure may be early or late. */
const TOLERANCE = 3;
const SHORTEST_CLOSURE = 2;

/** Pearson's; 0 when a curve does not move. */
export const correlation = (a: Float32Array, b: Float32Array): number => {
  const length = Math.min(a.length, b.length);
  const mean = (values: Float32Array): number =>
    values.subarray(0, length).reduce((sum, v) => sum + v, 0) / length;
  const [ma, mb] = [mean(a), mean(b)];
  let ab = 0;
  let aa = 0;
  let bb = 0;
  for (let i = 0; i < length; i++) {
    ab += (a[i] - ma) * (b[i] - mb);
    aa += (a[i] - ma) ** 2;
    bb += (b[i] - mb) ** 2;
  }
  return aa * bb > 1e-9 ? ab / Math.sqrt(aa * bb) : 0;
};

type Span = readonly [first: number, last: number];

const spans = (curve: Float32Array, threshold: number, shortest: number): Span[] => {
  const found: Span[] = [];
  let first = -1;
  for (let t = 0; t <= curve.length; t++) {
    const up = t < curve.length && curve[t] > threshold;
    if (up && first < 0) first = t;
    if (!up && first >= 0) {
      if (t - first >= shortest) found.push([first, t]);
      first = -1;
    }
  }
  return found;
};

/** Where the mouth is at rest anyway a closure is no error. */
const atRest = ([first, last]: Span, truth: HeardMouth): boolean =>
  truth.aperture.subarray(first, last).every((value, k) => value < 0.05 && truth.closure[first + k] < 0.1);

/**
 * Scores of many utterances as one. Closures are counted as events: right when they overlap with a true one, within
 * 30 ms.
 */
export const score = (utterances: readonly Judged[], closureThreshold: number): Scores => {
  const joined = (pick: (judged: Judged) => Float32Array): Float32Array =>
    Float32Array.from(utterances.flatMap((judged) => Array.from(pick(judged))));
  let found = 0;
  let total = 0;
  let right = 0;
  let said = 0;
  for (const { heard, truth } of utterances) {
    const claims = spans(heard.closure, closureThreshold, SHORTEST_CLOSURE).filter(
      (span) => !atRest(span, truth),
    );
    const closures = spans(truth.closure, 0.5, 1);
    const meets = (a: Span, others: readonly Span[]): boolean =>
      others.some((b) => a[0] - TOLERANCE < b[1] && b[0] < a[1] + TOLERANCE);
    found += closures.filter((span) => meets(span, claims)).length;
    total += closures.length;
    right += claims.filter((span) => meets(span, closures)).length;
    said += claims.length;
  }
  const closurePrecision = right / Math.max(1, said);
  const closureRecall = found / Math.max(1, total);
  return {
    apertureR: correlation(
      joined(({ heard }) => heard.aperture),
      joined(({ truth }) => truth.aperture),
    ),
    roundingR: correlation(
      joined(({ heard }) => heard.rounding),
      joined(({ truth }) => truth.rounding),
    ),
    closurePrecision,
    closureRecall,
    closureF1: (2 * closurePrecision * closureRecall) / Math.max(1e-6, closurePrecision + closureRecall),
  };
};

/** The threshold that suits a method best, which is in its favour. */
export const scoreAtBestThreshold = (utterances: readonly Judged[]): Scores => {
  const thresholds = Array.from({ length: 17 }, (_, k) => 0.1 + 0.05 * k);
  return thresholds
    .map((threshold) => score(utterances, threshold))
    .reduce((best, next) => (next.closureF1 > best.closureF1 ? next : best));
};
