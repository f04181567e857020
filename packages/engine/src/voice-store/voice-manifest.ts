import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SpeechModelError } from '../errors/speech-model-error.js';

/** One speaker of a model. */
export type Speaker = {
  /** Number of the speaker in the model, from 0. */
  readonly id: number;
  readonly name: string;
  readonly gender: 'female' | 'male';
  /** BCP 47 primary language that the speaker is at home in; `mul` for any. */
  readonly language: string;
};

/** The families of models that sherpa-onnx speaks with, by its own names. */
const SHERPA_FAMILIES = ['vits', 'matcha', 'kokoro', 'kitten', 'supertonic', 'zipvoice', 'pocket'] as const;

type SherpaFamily = (typeof SHERPA_FAMILIES)[number];

/** A model for sherpa-onnx. */
export type SherpaModel = {
  readonly engine: 'sherpa';
  readonly family: SherpaFamily;
  /** sherpa's names of the family's files; paths within the voice's directory, several of one field in their order. */
  readonly files: Readonly<Record<string, string | readonly string[]>>;
  /** Numbers of the family's configuration, such as `noiseScale`. */
  readonly numbers?: Readonly<Record<string, number>>;
  /** Rules that write out dates, numbers and telephone numbers, in the order in which they are used. */
  readonly ruleFsts?: readonly string[];
  readonly generation?: {
    /** The model's own tempo, where that is not 1. */
    readonly speed?: number;
    readonly numSteps?: number;
    /** Whether the model must be told the language of the text. */
    readonly tellLanguage?: boolean;
    /** The recording whose voice is taken, for a model that copies voices, and its words where the model needs them. */
    readonly reference?: { readonly audio: string; readonly text?: string };
  };
};

/** Two small networks of the sanoTTS format. */
export type SanottsModel = {
  readonly engine: 'sanotts';
  readonly files: { readonly front: string; readonly decoder: string };
  /** espeak's name of the voice whose phonemes the networks know. */
  readonly espeakVoice: string;
  /** Length of the sounds against what the network says, 1 as it says. */
  readonly lengthScale: number;
};

/** What stands in the file `voice.json` of an installed voice: all that is needed to speak with it. */
export type VoiceManifest = {
  readonly name: string;
  /** BCP 47 primary languages that its speakers read, the best first. */
  readonly languages: readonly string[];
  /** The licence, in words. */
  readonly licence: string;
  readonly model: SherpaModel | SanottsModel;
  readonly speakers: readonly Speaker[];
};

export const MANIFEST_FILE = 'voice.json';

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

const isSpeaker = (value: unknown): value is Speaker => {
  const { id, name, gender, language } = (value ?? {}) as Partial<Speaker>;
  return (
    Number.isInteger(id) && isText(name) && isText(language) && (gender === 'female' || gender === 'male')
  );
};

/** All file names in a model, in no order. */
export const filesOf = ({ model }: Pick<VoiceManifest, 'model'>): readonly string[] => [
  ...Object.values<string | readonly string[]>(model.files).flat(),
  ...(model.engine === 'sherpa' ? (model.ruleFsts ?? []) : []),
  ...(model.engine === 'sherpa' && model.generation?.reference ? [model.generation.reference.audio] : []),
];

/** What is wrong with what claims to be a manifest; undefined when nothing is. */
const flaw = (value: unknown): string | undefined => {
  const { name, languages, speakers, model } = (value ?? {}) as Partial<VoiceManifest>;
  if (!isText(name)) return 'it has no "name"';
  if (!Array.isArray(languages) || languages.length === 0 || !languages.every(isText))
    return 'its "languages" are no list of languages';
  if (!Array.isArray(speakers) || speakers.length === 0 || !speakers.every(isSpeaker))
    return 'its "speakers" are no list of {id, name, gender, language}';
  if (typeof model?.files !== 'object' || model.files === null) return 'its "model" has no "files"';
  const known =
    model.engine === 'sanotts' ||
    (model.engine === 'sherpa' && (SHERPA_FAMILIES as readonly string[]).includes(model.family));
  if (!known) return 'its "model" is of an engine that this version does not know';
  return filesOf({ model }).every((file) => isText(file) && !file.split(/[/\\]/u).includes('..'))
    ? undefined
    : 'its "files" are no names within the directory';
};

/**
 * The manifest in a voice's directory; undefined where there is none.
 *
 * @throws SpeechModelError for one that is damaged
 */
export const readManifest = async (directory: string): Promise<VoiceManifest | undefined> => {
  let text: string;
  try {
    text = await readFile(join(directory, MANIFEST_FILE), 'utf8');
  } catch {
    return undefined;
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new SpeechModelError(directory, `its ${MANIFEST_FILE} is not JSON`);
  }
  const wrong = flaw(value);
  if (wrong) throw new SpeechModelError(directory, `${wrong} in its ${MANIFEST_FILE}`);
  return value as VoiceManifest;
};
