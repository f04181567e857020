/** espeak's words per minute at its own tempo. */
const OWN_WPM = 175;
const SLOWEST_WPM = 80;
const FASTEST_WPM = 450;

/** Measured durations at 80 to 450 words per minute against 175: the tempo is no straight line in the rate. */
const TEMPO: readonly (readonly [wpm: number, factor: number])[] = [
  [80, 0.47],
  [87, 0.49],
  [120, 0.675],
  [175, 1],
  [240, 1.39],
  [290, 1.7],
  [350, 2.05],
  [400, 2.3],
  [450, 2.6],
];

const TOLERANCE = 0.008;
const MOST_TRIALS = 4;

const clampWpm = (wpm: number): number => Math.round(Math.min(FASTEST_WPM, Math.max(SLOWEST_WPM, wpm)));

const firstGuess = (speed: number): number => {
  const above = TEMPO.findIndex(([, factor]) => factor >= speed);
  if (above <= 0) return above === 0 ? SLOWEST_WPM : FASTEST_WPM;
  const [lowWpm, lowFactor] = TEMPO[above - 1];
  const [highWpm, highFactor] = TEMPO[above];
  return clampWpm(lowWpm + ((speed - lowFactor) / (highFactor - lowFactor)) * (highWpm - lowWpm));
};

/** How espeak is made to speak at a wanted tempo. */
export type EspeakTempo = {
  readonly wpm: number;
  /** What the speech at this rate still lacks, as a factor of speed near 1; 1 when it is close enough. */
  readonly rest: number;
};

/**
 * The words per minute at which a sample of the text is `speed` times as fast as at 175, found by trial: languages,
 * voices and texts differ by 10 % from any fixed table.
 *
 * @param duration speaks the sample at this rate and gives its seconds.
 */
export const tempoForSpeed = async (
  speed: number,
  duration: (wpm: number) => Promise<number>,
): Promise<EspeakTempo> => {
  if (speed === 1) return { wpm: OWN_WPM, rest: 1 };
  const wanted = (await duration(OWN_WPM)) / speed;
  let wpm = firstGuess(speed);
  let best: EspeakTempo = { wpm, rest: Number.POSITIVE_INFINITY };
  for (let trial = 0; trial < MOST_TRIALS && Math.abs(best.rest - 1) > TOLERANCE; trial++) {
    const rest = (await duration(wpm)) / wanted;
    if (Math.abs(rest - 1) < Math.abs(best.rest - 1)) best = { wpm, rest };
    const next = clampWpm(wpm * rest);
    if (next === wpm) break;
    wpm = next;
  }
  return Math.abs(best.rest - 1) > TOLERANCE ? best : { wpm: best.wpm, rest: 1 };
};
