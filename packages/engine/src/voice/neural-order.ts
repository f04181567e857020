import { join } from 'node:path';
import type { SanottsModel, SherpaModel } from '../voice-store/voice-manifest.js';

const absolute = (directory: string, file: string | readonly string[]): string =>
  [file]
    .flat()
    .map((name) => join(directory, name))
    .join(',');

/** sherpa-onnx's configuration of a model, and how it shall generate: the order for its program, without text and speaker. */
export const sherpaOrder = (
  directory: string,
  { family, files, numbers = {}, ruleFsts = [], generation = {} }: SherpaModel,
  language: string,
): object => {
  const paths = Object.entries(files).map(([field, file]) => [field, absolute(directory, file)]);
  const { speed, numSteps, tellLanguage, reference } = generation;
  return {
    model: { [family]: { ...Object.fromEntries(paths), ...numbers } },
    ruleFsts: absolute(directory, ruleFsts),
    ...(speed !== undefined && { speed }),
    ...(numSteps !== undefined && { numSteps }),
    ...(tellLanguage && { language }),
    ...(reference && { reference: { ...reference, audio: join(directory, reference.audio) } }),
  };
};

/** The order for the program of small networks, without the text. */
export const sanottsOrder = (
  directory: string,
  { files, espeakVoice, lengthScale }: SanottsModel,
): object => ({
  front: join(directory, files.front),
  decoder: join(directory, files.decoder),
  espeakVoice,
  lengthScale,
});
