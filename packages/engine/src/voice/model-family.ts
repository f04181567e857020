import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { SpeechModelError } from '../errors/speech-model-error.js';
import type { SherpaModel } from '../voice-store/voice-manifest.js';

/** Smaller than any network: the pointers that archives made without their large files have instead of them. */
const LEAST_NETWORK_BYTES = 100_000;
/** Kitten's networks are smaller than this, Kokoro's larger, whatever their precision. */
const KOKORO_BYTES = 70_000_000;

export type ModelFile = { readonly name: string; readonly bytes: number };
export type Family = Pick<SherpaModel, 'family' | 'files'>;

/** The files of a directory, in the order of their names. @throws SpeechModelError */
export const listModel = async (directory: string): Promise<readonly ModelFile[]> => {
  let names: string[];
  try {
    names = (await readdir(directory)).toSorted();
  } catch {
    throw new SpeechModelError(directory, 'there is no readable directory');
  }
  return Promise.all(names.map(async (name) => ({ name, bytes: (await stat(join(directory, name))).size })));
};

/**
 * Lexicons that belong together: sherpa-onnx takes the first of double words, so an American one excludes a British
 * one, and it goes before the Chinese one.
 */
const lexicons = (names: readonly string[]): readonly string[] => {
  const found = names.filter((name) => /^lexicon.*\.txt$/u.test(name));
  const american = found.includes('lexicon-us-en.txt');
  const chosen = found.filter((name) => !(american && name === 'lexicon-gb-en.txt'));
  return chosen.toSorted((a, b) => Number(a.includes('-zh')) - Number(b.includes('-zh')));
};

/** Rules for plain numbers go last: they would tear telephone numbers and dates apart. */
export const rulesIn = (names: readonly string[]): readonly string[] =>
  names
    .filter((name) => name.endsWith('.fst'))
    .toSorted((a, b) => Number(a.startsWith('number')) - Number(b.startsWith('number')));

/** The family that the files of a directory are of, told by files that only it has. */
export const familyIn = (directory: string, files: readonly ModelFile[]): Family => {
  const names = files.map(({ name }) => name);
  const networks = files.filter(({ name, bytes }) => name.endsWith('.onnx') && bytes >= LEAST_NETWORK_BYTES);
  const find = (pattern: RegExp): string | undefined => names.find((name) => pattern.test(name));
  const network = (pattern: RegExp): string | undefined =>
    networks
      .filter(({ name }) => pattern.test(name))
      // Full precision before int8: it is the faster one on most processors, and the one without artefacts.
      .toSorted((a, b) => Number(a.name.includes('int8')) - Number(b.name.includes('int8')))[0]?.name;
  const need = (file: string | undefined, what: string): string => {
    if (file === undefined) throw new SpeechModelError(directory, `it has no ${what}`);
    return file;
  };

  if (names.includes('tts.json')) {
    return {
      family: 'supertonic',
      files: {
        durationPredictor: need(network(/^duration_predictor/u), 'duration_predictor*.onnx'),
        textEncoder: need(network(/^text_encoder/u), 'text_encoder*.onnx'),
        vectorEstimator: need(network(/^vector_estimator/u), 'vector_estimator*.onnx'),
        vocoder: need(network(/^vocoder/u), 'vocoder*.onnx'),
        ttsJson: 'tts.json',
        unicodeIndexer: need(find(/^unicode_indexer\.bin$/u), 'unicode_indexer.bin'),
        voiceStyle: need(find(/^voice\.bin$/u), 'voice.bin'),
      },
    };
  }
  if (names.includes('token_scores.json')) {
    return {
      family: 'pocket',
      files: {
        lmFlow: need(network(/^lm_flow/u), 'lm_flow*.onnx'),
        lmMain: need(network(/^lm_main/u), 'lm_main*.onnx'),
        encoder: need(network(/^encoder/u), 'encoder*.onnx'),
        decoder: need(network(/^decoder/u), 'decoder*.onnx'),
        textConditioner: need(network(/^text_conditioner/u), 'text_conditioner*.onnx'),
        vocabJson: need(find(/^vocab\.json$/u), 'vocab.json'),
        tokenScoresJson: 'token_scores.json',
      },
    };
  }

  const tokens = need(find(/^tokens\.txt$/u), 'tokens.txt');
  const lexicon = lexicons(names);
  const dataDir = find(/^espeak-ng-data$/u);
  if (lexicon.length === 0 && dataDir === undefined)
    throw new SpeechModelError(directory, 'it has neither a lexicon*.txt nor a directory espeak-ng-data');
  const words = { tokens, ...(lexicon.length > 0 && { lexicon }), ...(dataDir && { dataDir }) };
  const vocoder = network(/^(?:vocos|hifigan)/u);
  const encoder = network(/^(?:fm_|text_)?encoder/u);
  if (vocoder && encoder)
    return {
      family: 'zipvoice',
      files: { encoder, decoder: need(network(/decoder/u), 'decoder*.onnx'), vocoder, ...words },
    };
  const model = need(network(/^(?!vocos|hifigan)/u), 'network (*.onnx) of more than 100 kB');
  const voices = find(/^voices\.bin$/u);
  if (voices) {
    const bytes = files.find(({ name }) => name === model)?.bytes ?? 0;
    // Only Kokoro has lexicons beside its voices.
    const isKokoro = lexicon.length > 0 || bytes >= KOKORO_BYTES || /kokoro/iu.test(basename(directory));
    return { family: isKokoro ? 'kokoro' : 'kitten', files: { model, voices, ...words } };
  }
  if (vocoder) return { family: 'matcha', files: { acousticModel: model, vocoder, ...words } };
  return { family: 'vits', files: { model, ...words } };
};
