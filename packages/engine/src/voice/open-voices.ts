import { resolve } from 'node:path';
import { type InstalledVoice, installedVoices } from '../voice-store/voice-store.js';
import { createEspeakProvider } from './espeak-provider.js';
import { createFliteProvider } from './flite-provider.js';
import { createNeuralProvider } from './neural-provider.js';
import { createOpenAiProvider } from './openai-provider.js';
import { ownModel } from './own-model.js';
import { createVoiceCatalogue, type VoiceCatalogue } from './voice-catalogue.js';

/** Voices beside those that come with the engine. */
export type VoiceSettings = {
  /** Address of a server with OpenAI's `POST /v1/audio/speech`, with or without `/v1`. */
  readonly speechUrl?: string | undefined;
  readonly speechApiKey?: string | undefined;
  /** Model that the server shall use, default `tts-1`. */
  readonly speechModel?: string | undefined;
  /** Names of the server's voices, for one that does not list them. */
  readonly speechVoices?: readonly string[] | undefined;
  /** Unpacked directory of a model of one's own for sherpa-onnx, of any family. */
  readonly sherpaModel?: string | undefined;
  /** Where voices are installed; without it none of them is offered. */
  readonly voicesDirectory?: string | undefined;
};

const ownModels = async (directory: string): Promise<readonly InstalledVoice[]> => [
  { directory, manifest: await ownModel(directory) },
];

/**
 * The voices of this engine; those that were set up come first and are so the default of the languages they speak. Close
 * it when done.
 */
export const openVoices = (settings: VoiceSettings = {}): VoiceCatalogue => {
  const { speechUrl, speechApiKey, speechModel, speechVoices, sherpaModel, voicesDirectory } = settings;
  return createVoiceCatalogue([
    ...(speechUrl
      ? [
          createOpenAiProvider({
            baseUrl: speechUrl,
            ...(speechApiKey ? { apiKey: speechApiKey } : {}),
            ...(speechModel ? { model: speechModel } : {}),
            ...(speechVoices?.length ? { voices: speechVoices.map((id) => ({ id })) } : {}),
          }),
        ]
      : []),
    // Apart from those installed: one that is broken must not take them along.
    ...(sherpaModel ? [createNeuralProvider('own model', () => ownModels(resolve(sherpaModel)))] : []),
    ...(voicesDirectory ? [createNeuralProvider('neural', () => installedVoices(voicesDirectory))] : []),
    createEspeakProvider(),
    createFliteProvider(),
  ]);
};
