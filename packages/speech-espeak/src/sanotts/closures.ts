import type { TimedPhone } from '../phone-times.js';

const STOP = /^[ptkbdɡcqʈɟɖ]/u;
/** Length of the pieces that are judged silent or not, seconds. */
const PIECE = 0.005;
/** Where the end of the closure is looked for around the time that the network gives, which is near the burst. */
const AFTER = 0.01;
const BEFORE = 0.035;
const LONGEST = 0.09;
/** What the sound before keeps. */
const SHORTEST = 0.015;
/** A closure against the level of the whole speech: -20 dB. */
const SILENCE = 0.1;

const rms = (samples: Float32Array, from: number, to: number): number => {
  let sum = 0;
  for (let index = Math.max(0, from); index < to; index++) sum += samples[index]! ** 2;
  return Math.sqrt(sum / Math.max(1, to - from));
};

/**
 * Lets stops begin with their silent closure. The network gives their time near the burst, measured 0 to 30 ms after
 * it, as its teacher learned it from sound alone; but lips shut when the silence begins.
 */
export const withClosures = (
  phones: readonly TimedPhone[],
  samples: Float32Array,
  sampleRate: number,
): readonly TimedPhone[] => {
  const piece = Math.round(PIECE * sampleRate);
  const limit = SILENCE * rms(samples, 0, samples.length);
  const isSilent = (time: number): boolean => {
    const end = Math.round(time * sampleRate);
    return rms(samples, end - piece, end) < limit;
  };
  const result: TimedPhone[] = [];
  for (const phone of phones) {
    const last = result.at(-1);
    let start = phone.start;
    if (last !== undefined && STOP.test(phone.ipa)) {
      const earliest = Math.max(phone.start - LONGEST, last.start + SHORTEST);
      let end = phone.start + AFTER;
      while (end > phone.start - BEFORE && !isSilent(end)) end -= PIECE;
      if (isSilent(end)) {
        while (end - PIECE > earliest && isSilent(end - PIECE)) end -= PIECE;
        start = Math.min(phone.start, Math.max(earliest, end - PIECE));
      }
    }
    if (last !== undefined) result[result.length - 1] = { ...last, end: start };
    result.push({ ...phone, start });
  }
  return result;
};
