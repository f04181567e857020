import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { SpeechModelError } from '../errors/speech-model-error.js';

/** The `model` part of sherpa-onnx's configuration, all paths absolute. */
type SherpaModel = {
  readonly kokoro?: Readonly<Record<string, string>>;
  readonly matcha?: Readonly<Record<string, string>>;
  readonly vits?: Readonly<Record<string, string>>;
};

export type SherpaConfig = { readonly model: SherpaModel; readonly ruleFsts: string };

const VOCODER = /^(?:vocos|hifigan).*\.onnx$/u;

/** The model in a directory, whose kind its files tell: `voices.bin` Kokoro, a vocoder Matcha, else VITS. */
const modelIn = (directory: string, files: readonly string[]): SherpaModel => {
  const path = (file: string | undefined): string => (file === undefined ? '' : join(directory, file));
  const present = (file: string): string => path(files.includes(file) ? file : undefined);
  const required = (file: string | undefined, what: string): string => {
    if (file === undefined || !files.includes(file))
      throw new SpeechModelError(directory, `it has no ${what}`);
    return path(file);
  };
  const tokens = required('tokens.txt', 'tokens.txt');
  const lexicon = files
    .filter((file) => /^lexicon.*\.txt$/u.test(file))
    .map(path)
    .join(',');
  const dataDir = present('espeak-ng-data');
  if (lexicon === '' && dataDir === '') {
    throw new SpeechModelError(directory, 'it has neither a lexicon*.txt nor a directory espeak-ng-data');
  }
  const words = { tokens, lexicon, dataDir };
  const vocoder = files.find((file) => VOCODER.test(file));
  const network = required(
    files.find((file) => file.endsWith('.onnx') && file !== vocoder),
    'network (*.onnx)',
  );
  if (files.includes('voices.bin'))
    return { kokoro: { model: network, voices: path('voices.bin'), ...words } };
  if (vocoder !== undefined) return { matcha: { acousticModel: network, vocoder: path(vocoder), ...words } };
  return { vits: { model: network, ...words } };
};

/**
 * Looks through the directory of a sherpa-onnx speech model. sherpa-onnx itself says no more than "Please check your
 * config" when something is missing.
 *
 * @throws SpeechModelError naming what is missing.
 */
export const findSherpaModel = async (directory: string): Promise<SherpaConfig> => {
  let files: string[];
  try {
    files = (await readdir(directory)).toSorted();
  } catch {
    throw new SpeechModelError(directory, 'there is no readable directory');
  }
  const rules = files.filter((file) => file.endsWith('.fst')).map((file) => join(directory, file));
  return { model: modelIn(directory, files), ruleFsts: rules.join(',') };
};
