/**
 * Before they speak after a pause people part their lips and breathe in: widest so long before the first sound, nearly
 * closed again when it begins. Seconds. Measured on 42 sentences of 11 speakers of GRID; pauses in other clips are alike.
 */
const WIDEST_BEFORE = 0.22;
/** How far the lips part for it, as apertures are counted; 0.2 to 0.3 in those clips. */
const DEPTH = 0.2;
/** Standard deviations of the time before the widest moment and after it, seconds. */
const INHALING = 0.18;
const CLOSING = 0.1;
/** No breath fits into pauses shorter than the first; those longer than the second hold a full one. Seconds. */
const SHORTEST_PAUSE = 0.25;
const FULL_PAUSE = 0.6;

/**
 * How far the lips part for breath in the pauses before speech. A recording that begins with speech begins within a pause.
 *
 * @param speaking above 0.5 while somebody speaks, `rate` values per second
 */
export const breaths = (speaking: Float32Array, rate: number): Float32Array => {
  const parted = new Float32Array(speaking.length);
  let silentSince = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < speaking.length; i++) {
    if (speaking[i] <= 0.5) continue;
    const pause = (i - silentSince) / rate;
    const depth = DEPTH * Math.min(1, (pause - SHORTEST_PAUSE) / (FULL_PAUSE - SHORTEST_PAUSE));
    const last = Math.min(parted.length - 1, i + Math.round(CLOSING * rate));
    for (let j = Math.max(0, silentSince); depth > 0 && j <= last; j++) {
      const time = (j + 0.5 - i) / rate + WIDEST_BEFORE;
      const deviations = time / (time < 0 ? INHALING : CLOSING);
      parted[j] = Math.max(parted[j], depth * Math.exp(-0.5 * deviations * deviations));
    }
    silentSince = i + 1;
  }
  return parted;
};
