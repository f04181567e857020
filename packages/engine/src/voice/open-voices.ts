import { createEspeakProvider } from './espeak-provider.js';
import { createFliteProvider } from './flite-provider.js';
import { createOpenAiProvider } from './openai-provider.js';
import { createSherpaProvider } from './sherpa-provider.js';
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
  /** Unpacked directory of a sherpa-onnx model (Kokoro, Matcha, VITS); needs the package `sherpa-onnx-node`. */
  readonly sherpaModel?: string | undefined;
};

/**
 * The voices of this engine; those that were set up come first and are so the default of the languages they speak. Close
 * it when done.
 */
export const openVoices = (settings: VoiceSettings = {}): VoiceCatalogue => {
  const { speechUrl, speechApiKey, speechModel, speechVoices, sherpaModel } = settings;
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
    ...(sherpaModel ? [createSherpaProvider({ modelDirectory: sherpaModel })] : []),
    createEspeakProvider(),
    createFliteProvider(),
  ]);
};
