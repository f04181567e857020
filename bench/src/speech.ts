/**
 * `npm run bench:speech`: how well mouth movements are heard in speech of voices that took no part in training, beside
 * simple methods. Truth is made from the synthesiser's own phone times by the engine's articulation.
 *
 * `npm run bench:speech -- CLIPS…`: how well they are heard in clips of people who speak, whose tracked mouth is truth.
 */

import {
  alignPhones,
  createEspeakProvider,
  curvesOfPhones,
  type HeardSpeech,
  listenToSpeech,
  type Phone,
  type VoiceProvider,
} from '#engine/internals';
import { bandEnergies, rmsEnvelope } from './speech/baselines.js';
import { FESTIVAL_PACKAGES, HELD_OUT_VOICES, type KnownSpeech, readByFestival } from './speech/festival.js';
import { inNoisyRoom } from './speech/noisy-room.js';
import { printRealMouths } from './speech/print-real-mouths.js';
import { realTimeFactors } from './speech/real-time-factor.js';
import { type HeardMouth, type Judged, type Scores, score, scoreAtBestThreshold } from './speech/scores.js';
import { SENTENCES } from './speech/sentences.js';

const METHODS = ['RMS envelope', 'band energies', 'speech net', 'aligned'] as const;
type Method = (typeof METHODS)[number];

const CONDITIONS = ['clean', 'noisy'] as const;

const CLOSURE_THRESHOLD = 0.5;
const FRAME_RATE = 100;

const curvesOf = (phones: readonly Phone[], frames: number): HeardMouth =>
  curvesOfPhones(phones, (frames + 0.5) / FRAME_RATE, FRAME_RATE);

/** The phones of a text without their times, as espeak reads it. */
const phonesOfText = async (provider: VoiceProvider, text: string, language: string): Promise<string[]> => {
  const voice = (await provider.voices()).find((candidate) => candidate.language === language);
  if (voice === undefined) throw new Error(`espeak offers no voice for "${language}".`);
  const { phones } = await provider.speak({ text, voice, speed: 1, pitch: 1 });
  return (phones ?? []).map(({ ipa }) => ipa);
};

const aligned = (heard: HeardSpeech, ipa: readonly string[]): { mouth: HeardMouth; mismatch: number } => {
  const { phones, mismatch, fits } = alignPhones(heard, ipa);
  return { mouth: fits ? curvesOf(phones, heard.frameCount) : heard, mismatch };
};

type Results = Record<Method, Judged[]> & { mismatches: number[]; wrongTextMismatches: number[] };

const judge = async (
  { samples, phones }: KnownSpeech,
  ipa: readonly string[],
  wrongIpa: readonly string[],
  results: Results,
): Promise<void> => {
  const heard = await listenToSpeech(samples);
  const truth = curvesOf(phones, heard.frameCount);
  const { mouth, mismatch } = aligned(heard, ipa);
  results['RMS envelope'].push({ heard: rmsEnvelope(samples), truth });
  results['band energies'].push({ heard: bandEnergies(samples), truth });
  results['speech net'].push({ heard, truth });
  results.aligned.push({ heard: mouth, truth });
  results.mismatches.push(mismatch);
  results.wrongTextMismatches.push(aligned(heard, wrongIpa).mismatch);
};

const emptyResults = (): Results => ({
  'RMS envelope': [],
  'band energies': [],
  'speech net': [],
  aligned: [],
  mismatches: [],
  wrongTextMismatches: [],
});

const scoresOf = (method: Method, utterances: readonly Judged[]): Scores =>
  method === 'speech net' || method === 'aligned'
    ? score(utterances, CLOSURE_THRESHOLD)
    : scoreAtBestThreshold(utterances);

const row = (cells: readonly (string | number)[]): string =>
  cells
    .map((cell, k) => (typeof cell === 'number' ? cell.toFixed(3) : cell).padEnd([6, 24, 16][k] ?? 11))
    .join(' ');

const printScores = (condition: string, voice: string, results: Results): void => {
  for (const method of METHODS) {
    const scores = scoresOf(method, results[method]);
    console.log(
      row([
        ...[condition, voice, method, scores.apertureR, scores.roundingR],
        ...[scores.closurePrecision, scores.closureRecall, scores.closureF1],
      ]),
    );
  }
};

const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.floor(share * (values.length - 1))];

const printHeldOut = async (provider: VoiceProvider): Promise<void> => {
  console.log(
    row(['sound', 'voice', 'method', 'aperture r', 'rounding r', 'closure P', 'closure R', 'closure F1']),
  );
  const texts = new Map<string, string[]>();
  for (const [language, sentences] of Object.entries(SENTENCES)) {
    for (const text of sentences) texts.set(text, await phonesOfText(provider, text, language));
  }
  const speeches = new Map<string, KnownSpeech[]>();
  for (const voice of HELD_OUT_VOICES) {
    speeches.set(voice.name, await readByFestival(voice, SENTENCES[voice.language]));
  }
  for (const condition of CONDITIONS) {
    const all = emptyResults();
    for (const { name } of HELD_OUT_VOICES) {
      const results = emptyResults();
      const spoken = speeches.get(name) ?? [];
      for (const [k, speech] of spoken.entries()) {
        const samples = condition === 'clean' ? speech.samples : inNoisyRoom(speech.samples, k);
        const other = spoken[(k + 1) % spoken.length];
        await judge({ ...speech, samples }, texts.get(speech.text)!, texts.get(other.text)!, results);
      }
      printScores(condition, name, results);
      for (const method of METHODS) all[method].push(...results[method]);
      all.mismatches.push(...results.mismatches);
      all.wrongTextMismatches.push(...results.wrongTextMismatches);
    }
    printScores(condition, 'all', all);
    const { mismatches, wrongTextMismatches } = all;
    console.log(
      `${condition}: mismatch of the right text median ${quantile(mismatches, 0.5).toFixed(2)}, ` +
        `95 % below ${quantile(mismatches, 0.95).toFixed(2)}; of a wrong text median ` +
        `${quantile(wrongTextMismatches, 0.5).toFixed(2)}, 95 % above ${quantile(wrongTextMismatches, 0.05).toFixed(2)}`,
    );
  }
  console.log(await realTimeFactors([...speeches.values()].flat()));
};

const clips = process.argv.slice(2);
const provider = createEspeakProvider();
try {
  if (clips.length > 0) await printRealMouths(clips);
  else await printHeldOut(provider);
} catch (error) {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  console.error(
    `The held-out voices are festival's. Install them: apt-get install --no-install-recommends ${FESTIVAL_PACKAGES}`,
  );
  process.exitCode = 1;
} finally {
  await provider.close();
}
