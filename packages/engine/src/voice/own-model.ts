import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { SpeechModelError } from '../errors/speech-model-error.js';
import {
  filesOf,
  readManifest,
  type SherpaModel,
  type VoiceManifest,
} from '../voice-store/voice-manifest.js';
import { familyIn, listModel, rulesIn } from './model-family.js';
import { languagesOfModel } from './model-languages.js';
import { speakersOfModel } from './model-speakers.js';
import { onnxMetadata } from './onnx-metadata.js';

const DEFAULT_GENERATION: Partial<Record<SherpaModel['family'], SherpaModel['generation']>> = {
  supertonic: { speed: 1.05, numSteps: 8, tellLanguage: true },
};

/** The recording whose voice ZipVoice and Pocket take on, and its words, which ZipVoice needs. */
const REFERENCE = 'reference.wav';
const REFERENCE_WORDS = 'reference.txt';

/** How a model that copies voices generates. @throws SpeechModelError when what it shall copy is not there */
const copying = async (
  directory: string,
  names: readonly string[],
  needsWords: boolean,
): Promise<SherpaModel['generation']> => {
  const missing = [REFERENCE, ...(needsWords ? [REFERENCE_WORDS] : [])].find((name) => !names.includes(name));
  if (missing) {
    const what = 'the recording whose voice it shall take on, and its words';
    throw new SpeechModelError(directory, `it has no ${missing} (${what})`);
  }
  if (!needsWords) return { numSteps: 4, reference: { audio: REFERENCE } };
  const text = (await readFile(join(directory, REFERENCE_WORDS), 'utf8')).trim();
  return { numSteps: 4, reference: { audio: REFERENCE, text } };
};

/**
 * What is needed to speak with a model in a directory of the user's own: its `voice.json`, or what its files tell.
 * sherpa-onnx itself says no more than "Please check your config" when something is missing.
 *
 * @throws SpeechModelError naming what is missing.
 */
export const ownModel = async (directory: string): Promise<VoiceManifest> => {
  const files = await listModel(directory);
  const names = files.map(({ name }) => name);
  const manifest = await readManifest(directory);
  if (manifest) {
    const missing = filesOf(manifest).find((file) => !names.includes(file.split('/')[0]));
    if (missing) throw new SpeechModelError(directory, `it has no ${missing}`);
    return manifest;
  }
  const { family, files: found } = familyIn(directory, files);
  const copies = family === 'zipvoice' || family === 'pocket';
  const ruleFsts = rulesIn(names);
  const generation = copies
    ? await copying(directory, names, family === 'zipvoice')
    : DEFAULT_GENERATION[family];
  const model: SherpaModel = {
    engine: 'sherpa',
    family,
    files: found,
    ...(ruleFsts.length > 0 && { ruleFsts }),
    ...(generation && { generation }),
  };
  const network = found.model ?? found.acousticModel ?? found.encoder;
  const metadata = network ? await onnxMetadata(join(directory, String(network))) : new Map();
  const languages = await languagesOfModel(directory, model, metadata);
  const speakers = await speakersOfModel(directory, model, metadata, languages);
  return { name: basename(directory), languages, licence: '', model, speakers };
};
