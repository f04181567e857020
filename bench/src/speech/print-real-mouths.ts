import {
  learnSpeakingStyle,
  listenToSpeech,
  type MouthMovement,
  mouthOfSpeech,
  soundOfSamples,
} from '#engine/internals';
import { bandEnergies, rmsEnvelope } from './baselines.js';
import { lagCurve, lagMs, type MovementScores, scoreMovement } from './movement-scores.js';
import { SAMPLE_RATE, type TalkingClip, watchTalkingClip } from './real-mouths.js';
import { correlation } from './scores.js';

const FRAME_RATE = 100;
/** Rates at which the movement is looked at for lag. */
const VIDEO_RATES = [24, 25, 30, 60];

/** Mean of a curve at 100 Hz over each video frame. */
const framed = (curve: Float32Array, fps: number, count: number): Float32Array =>
  Float32Array.from({ length: count }, (_, frame) => {
    const first = Math.round((frame / fps) * FRAME_RATE);
    const last = Math.max(first + 1, Math.round(((frame + 1) / fps) * FRAME_RATE));
    const part = curve.subarray(Math.min(first, curve.length - 1), last);
    return part.reduce((sum, value) => sum + value, 0) / part.length;
  });

const kept = (values: Float32Array, usable: Uint8Array): Float32Array =>
  values.filter((_, frame) => usable[frame] === 1);

/** How the mouth moves by the sound of a clip alone, and with its words where they are known and found. */
const movementsOf = async ({ samples, words }: TalkingClip): Promise<Map<string, MouthMovement>> => {
  const sound = {
    samples,
    sampleRate: SAMPLE_RATE,
    listening: samples,
    sound: soundOfSamples(samples, SAMPLE_RATE),
  };
  const options = { video: '', output: '', speech: { audio: '' } };
  const alone = await mouthOfSpeech({ ...sound, known: 'sound' }, options);
  const movements = new Map([['sound alone', alone.movement]]);
  if (words === undefined) return movements;
  const known = { text: words, language: 'en' };
  const both = await mouthOfSpeech({ ...sound, known: 'words', words: known }, options);
  if (both.drivenBy === 'aligned-phones') movements.set('words known', both.movement);
  return movements;
};

const COLUMNS = ['clip', 'by', 'r(A)', 'spread', 'r(W)', 'closures F1', 'lag ms'];

const line = (cells: readonly string[]): string =>
  cells.map((cell, k) => cell.padEnd([28, 16][k] ?? 13)).join('');

const cells = ({ apertureR, spread, widthR, closureF1, lagMs: lag }: MovementScores): string[] => [
  ...[apertureR, spread, widthR, closureF1].map((value) => value.toFixed(3)),
  lag.toFixed(0),
];

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

const meanScores = (all: readonly MovementScores[]): MovementScores => ({
  apertureR: mean(all.map(({ apertureR }) => apertureR)),
  spread: mean(all.map(({ spread }) => spread)),
  widthR: mean(all.map(({ widthR }) => widthR)),
  closureF1: mean(all.map(({ closureF1 }) => closureF1)),
  lagMs: mean(all.map(({ lagMs: lag }) => lag)),
});

/** What simple methods say of the opening: correlation only. */
const printBaselines = async (clip: TalkingClip): Promise<void> => {
  const seen = kept(clip.seen.aperture, clip.usable);
  const heard = await listenToSpeech(clip.samples);
  const curves = {
    loudness: rmsEnvelope(clip.samples),
    bands: bandEnergies(clip.samples),
    'net as it is': heard,
  };
  for (const [name, { aperture }] of Object.entries(curves)) {
    const shown = kept(framed(aperture, clip.fps, clip.usable.length), clip.usable);
    console.log(line([clip.name, name, correlation(shown, seen).toFixed(3)]));
  }
};

/** What learning from the person adds, cross-validated; both numbers are within the folds and so lower than `r(A)`. */
const printStyle = (clip: TalkingClip, alone: MouthMovement): void => {
  const agreement = learnSpeakingStyle(alone, { ...clip, aperture: clip.seen.aperture })?.agreement;
  const found = agreement
    ? `${agreement.default.toFixed(3)} > ${agreement.person.toFixed(3)}`
    : 'default kept';
  console.log(line([clip.name, 'style, folds', found]));
};

/** Correlation at each lag, summed over the clips: one clip alone has chance peaks. */
type LagSums = Map<string, Float32Array>;

const addLags = (sums: LagSums, by: string, movement: MouthMovement, clip: TalkingClip): void => {
  for (const rate of VIDEO_RATES) {
    const curve = lagCurve(movement, clip, rate);
    const key = `${by}, ${rate} fps`;
    sums.set(
      key,
      curve.map((r, k) => r + (sums.get(key)?.[k] ?? 0)),
    );
  }
};

/** Prints for each clip how well the movement made from its own speech follows the tracked mouth. */
export const printRealMouths = async (paths: readonly string[]): Promise<void> => {
  console.log(line(COLUMNS));
  const scores = new Map<string, MovementScores[]>();
  const lags: LagSums = new Map();
  /** Sound alone, on the clips whose words are known: what these rows may be compared with. */
  const compared: MovementScores[] = [];
  for (const path of paths) {
    const clip = await watchTalkingClip(path);
    await printBaselines(clip);
    const movements = await movementsOf(clip);
    for (const [by, movement] of movements) {
      const found = scoreMovement(movement, clip);
      console.log(line([clip.name, by, ...cells(found)]));
      scores.set(by, [...(scores.get(by) ?? []), found]);
      if (by === 'sound alone' && movements.has('words known')) compared.push(found);
      addLags(lags, by, movement, clip);
    }
    printStyle(clip, movements.get('sound alone')!);
  }
  for (const [by, all] of scores) console.log(line([`mean of ${all.length}`, by, ...cells(meanScores(all))]));
  if (compared.length > 0)
    console.log(line([`mean of these ${compared.length}`, 'sound alone', ...cells(meanScores(compared))]));
  for (const [key, curve] of lags) console.log(`all clips, ${key}: late by ${lagMs(curve).toFixed(0)} ms`);
};
