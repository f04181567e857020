import type { SpeechPiece } from './speak-by-sentence.js';

/** Length of the pieces that are judged silent or not, seconds. */
const PIECE = 0.005;
/** What is so far below the loudest is silence: -46 dB. */
const SILENCE = 0.005;

/** Seconds from the start, or from the end, to the first sound. */
const silenceBefore = ({ samples, sampleRate }: SpeechPiece, backwards: boolean): number => {
  const length = Math.max(1, Math.round(PIECE * sampleRate));
  const loudest = samples.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  for (let from = 0; from < samples.length; from += length) {
    let most = 0;
    for (let index = from; index < Math.min(samples.length, from + length); index++) {
      const value = samples[backwards ? samples.length - 1 - index : index];
      most = Math.max(most, Math.abs(value));
    }
    if (most > SILENCE * loudest) return from / sampleRate;
  }
  return 0;
};

/** Cuts silence off, or adds it; times of phones follow. `before` and `after` may be negative: so much is cut. */
const padded = (piece: SpeechPiece, before: number, after: number): SpeechPiece => {
  const { samples, sampleRate, phones } = piece;
  const [front, back] = [before, after].map((seconds) => Math.round(seconds * sampleRate));
  const result = new Float32Array(Math.max(0, samples.length + front + back));
  const cut = Math.max(0, -front);
  const at = Math.max(0, front);
  result.set(samples.subarray(cut, cut + result.length - at), at);
  if (phones === undefined) return { samples: result, sampleRate };
  const [shift, duration] = [front / sampleRate, result.length / sampleRate];
  const within = (time: number): number => Math.min(duration, Math.max(0, time));
  const moved = phones
    .map((phone) => ({ ...phone, start: within(phone.start + shift), end: within(phone.end + shift) }))
    .filter(({ start, end }) => end > start);
  const first = moved[0]?.start ?? duration;
  const last = moved.at(-1)?.end ?? duration;
  return {
    samples: result,
    sampleRate,
    phones: [
      ...(first > 0 ? [{ start: 0, end: first, ipa: '' }] : []),
      ...moved,
      ...(duration > last ? [{ start: last, end: duration, ipa: '' }] : []),
    ],
  };
};

/**
 * Speech with the same silence at both ends, whatever its voice leaves there. Lips that shut in silence belong to the
 * speech: where phones are known, nothing is cut off the first and the last.
 *
 * @param edge seconds of silence
 */
export const withEvenEnds = (pieces: readonly SpeechPiece[], edge: number): readonly SpeechPiece[] =>
  pieces.map((piece, index) => {
    const sounds = piece.phones?.filter(({ ipa }) => ipa !== '');
    const duration = piece.samples.length / piece.sampleRate;
    const before = Math.min(silenceBefore(piece, false), sounds?.[0]?.start ?? duration);
    const after = Math.min(silenceBefore(piece, true), duration - (sounds?.at(-1)?.end ?? 0));
    return padded(
      piece,
      index === 0 ? edge - before : 0,
      index === pieces.length - 1 ? edge - Math.max(0, after) : 0,
    );
  });
