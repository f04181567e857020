import { basename, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { VoiceFailedError } from '../errors/voice-failed-error.js';
import { pitchOctaves } from './pitch.js';
import { findSherpaModel, type SherpaConfig } from './sherpa-model.js';
import { atTempo, speakBySentence } from './speak-by-sentence.js';
import { createSpeechWorker } from './speech-worker.js';
import { shiftPitch } from './time-stretch.js';
import { voiceId } from './voice-id.js';
import { ANY_LANGUAGE } from './voice-language.js';
import type { SpeakRequest, Utterance, Voice, VoiceProvider } from './voice-provider.js';
import { speechOfReply } from './worker-reply.js';

const NAME = 'sherpa';
const REMEDY = 'Check the model and the installation of sherpa-onnx-node.';
const SENTENCE_PAUSE = 0.2;
/** Neural voices on an old processor are slower than real time. */
const TIMEOUT_SECONDS = 300;
const IDLE_SECONDS = 300;

/** One speaker of the model. */
type SherpaSpeaker = {
  /** Number of the speaker in the model, from 0. */
  readonly speaker: number;
  readonly name: string;
  readonly gender: Voice['gender'];
  /** BCP 47 primary language, or `mul` for a speaker of any. */
  readonly language: string;
};

export type SherpaProviderOptions = {
  /** The unpacked directory of a Kokoro, Matcha or VITS (Piper) model. */
  readonly modelDirectory: string;
  /** The speakers to offer; by default the first one, named like the directory. */
  readonly speakers?: readonly SherpaSpeaker[];
};

/**
 * Voices of a neural model on this machine, through the optional package `sherpa-onnx-node`. Phone times are unknown.
 * `voices` throws SpeechModelError when the model is incomplete.
 */
export const createSherpaProvider = (options: SherpaProviderOptions): VoiceProvider => {
  const directory = resolve(options.modelDirectory);
  const name = basename(directory);
  const speakers = options.speakers ?? [
    { speaker: 0, name, gender: 'female' as const, language: ANY_LANGUAGE },
  ];
  const voices = speakers.map((entry) => ({
    speaker: entry.speaker,
    voice: {
      id: voiceId(NAME, `${name}/${entry.speaker}`),
      name: entry.name,
      gender: entry.gender,
      language: entry.language,
      provider: NAME,
    },
  }));
  const worker = createSpeechWorker({
    provider: NAME,
    program: fileURLToPath(new URL('./sherpa-worker.js', import.meta.url)),
    timeoutSeconds: TIMEOUT_SECONDS,
    idleSeconds: IDLE_SECONDS,
    remedy: REMEDY,
  });
  let found: SherpaConfig | undefined;

  const speak = async (request: SpeakRequest, signal?: AbortSignal): Promise<Utterance> => {
    const chosen = voices.find(({ voice }) => voice.id === request.voice.id);
    if (chosen === undefined) throw new VoiceFailedError(NAME, `it has no voice ${request.voice.id}`, REMEDY);
    found ??= await findSherpaModel(directory);
    const config = found;
    const octaves = pitchOctaves(request.pitch);
    return speakBySentence({
      text: request.text,
      language: request.voice.language,
      pause: SENTENCE_PAUSE / request.speed,
      say: async (text) => {
        const reply = await worker.ask({ text, speaker: chosen.speaker, config }, signal);
        const piece = atTempo(speechOfReply(NAME, reply, REMEDY), request.speed);
        return [{ ...piece, samples: shiftPitch(piece.samples, piece.sampleRate, octaves) }];
      },
    });
  };

  return {
    name: NAME,
    voices: async () => {
      found ??= await findSherpaModel(directory);
      return voices.map(({ voice }) => voice);
    },
    speak,
    close: () => worker.close(),
  };
};
